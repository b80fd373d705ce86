// Parts that are loaded when they are first needed, and why something could not be had.

/** `kind` is offline, slow, busy, gone, refused or wrong; `status` is that of HTTP, where there is one. */
export class Failure extends Error {
  constructor(kind, detail = "", seconds = 0, status = 0) {
    super(detail || kind);
    Object.assign(this, { kind, seconds, status });
  }
}

const failures = {}; // by part

/**
 * Import a part. A browser may remember a failure by its address, so a part imports only what is
 * loaded before it, and each try after a failure has an address of its own.
 */
export function load(part) {
  const again = failures[part] ? `?${failures[part]}` : "";
  return import(`./${part}${again}`).catch(() => {
    failures[part] = (failures[part] ?? 0) + 1;
    throw new Failure("offline");
  });
}

/** Return a function that does `act` once; what failed is done again. */
export function once(act) {
  let doing = null;
  const failed = (failure) => {
    doing = null;
    throw failure;
  };
  return () => (doing ??= act().catch(failed));
}
