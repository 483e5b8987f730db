// What a person does to open a letter, as the browser gets it from mouse, finger and keyboard; and a click out of nowhere.
import { pause } from "./measure.mjs";

/** A hand rests before it presses; a press and a tap take their time. */
const REST = 150;
const PRESS = 60;
const TAP = 70;

/** From now on the end of a gesture starts the clock. */
const arm = ({ page, wanted }) => page.evaluate((wanted) => window.letterClock.arm(wanted), wanted);

export async function byMouse(list) {
  const { mouse } = list.page;
  const { width, height } = list.page.viewportSize();
  await mouse.move(width - 60, height - 30);
  await arm(list);
  await mouse.move(list.point.x, list.point.y, { steps: 5 });
  await pause(REST);
  await mouse.down();
  await pause(PRESS);
  await mouse.up();
}

/** Needs a window with `hasTouch`. */
export async function byTap(list) {
  const hand = await list.context.newCDPSession(list.page);
  await arm(list);
  await hand.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [list.point] });
  await pause(TAP);
  await hand.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** Ours only: `j` to the row, then Enter. */
export async function byKey(list) {
  const { keyboard } = list.page;
  const there = () => list.link.evaluate((link) => link === document.activeElement);
  for (let left = 20; left > 0 && !(await there()); left--) await keyboard.press("j");
  if (!(await there())) throw new Error("the keys do not lead to the row");
  await pause(REST);
  await arm(list);
  await keyboard.down("Enter");
  await pause(PRESS);
  await keyboard.up("Enter");
}

export async function byScript(list) {
  await arm(list);
  await list.script();
}
