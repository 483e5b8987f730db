// The clock in the page: from the end of the gesture (button up, finger lifted, key down) until the letter can be read. Alike for both
// portals but for what a letter looks like there; one that opens it when the button goes down keeps that lead.

/**
 * Put into every document before its own scripts. `whose` is "ours" or "theirs"; `window.letterClock` is then in the top document.
 * Whether the letter is in sight is asked in each frame that is about to be painted, so what counts has been painted once.
 */
export function watch(whose) {
  // The frames of our letters have no origin: nothing there to look at, nor from there.
  if (whose === "ours" && window !== top) return;

  const inSight = (element) => {
    const box = element.getBoundingClientRect();
    const inWindow = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return inWindow && element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  };

  if (window === top) {
    const now = () => performance.timeOrigin + performance.now();
    const clock = { inSight, wanted: null, began: 0, took: 0 };
    clock.shown = () => setTimeout(() => (clock.took = now() - clock.began));
    clock.arm = (wanted) => {
      clock.wanted = wanted;
      clock.began = 0;
    };
    clock.begin = () => {
      if (clock.wanted) clock.began ||= now();
    };
    for (const kind of ["pointerup", "mouseup", "touchend", "keydown", "click"]) addEventListener(kind, clock.begin, { capture: true, passive: true });
    window.letterClock = clock;
  }

  // A frame that was made ahead has had its `load` long before the click; one that is taken out and put in again loads once more, in
  // another window.
  const loaded = new WeakMap();
  document.addEventListener("load", ({ target }) => target.localName === "iframe" && loaded.set(target, { src: target.src, in: target.contentWindow }), true);
  const hasLoaded = (frame) => loaded.get(frame)?.src === frame.src && loaded.get(frame).in === frame.contentWindow;

  const readable = {
    ours({ subject, path, html }) {
      const article = [...document.querySelectorAll("article")].find((one) => {
        const heading = one.querySelector("h1");
        return heading?.textContent.includes(subject) && inSight(heading);
      });
      if (!article) return false;
      if (html) return [...document.querySelectorAll("iframe")].some((frame) => frame.src.includes(`${path}/body`) && inSight(frame) && hasLoaded(frame));
      return [...article.querySelectorAll(".sheet")].some((sheet) => inSight(sheet) && sheet.innerText.trim());
    },
    theirs({ subject }) {
      const body = document.querySelector("#messagebody");
      if (!body || !document.querySelector("h2.subject")?.textContent.includes(subject)) return false;
      return inSight(body) && body.innerText.trim() && (window === top || top.letterClock.inSight(frameElement));
    },
  }[whose];

  const clock = top.letterClock;
  const look = () => (clock.wanted && clock.began && readable(clock.wanted) ? clock.shown() : requestAnimationFrame(look));
  requestAnimationFrame(look);
}
