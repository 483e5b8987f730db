// Ports that nobody listens on.
import { once } from "node:events";
import { createServer } from "node:net";

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}

/**
 * Resolves once the port can be had. Who listened there may have ended and left a helper that has not yet let go of its sockets. After
 * half a minute it is somebody else's: whoever starts there will be told.
 */
export async function isFree(port) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const probe = createServer().listen(port, "127.0.0.1");
    try {
      await once(probe, "listening");
      await new Promise((closed) => probe.close(closed));
      return;
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
      await new Promise((soon) => setTimeout(soon, 20));
    }
  }
}
