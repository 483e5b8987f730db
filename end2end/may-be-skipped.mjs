// What CI may leave out, and why. Whatever else is skipped there is a failure: a machine without FUSE would be green with no outage tried.
export const MAY_BE_SKIPPED = [
  { what: "a real NFS server that goes away", because: "User-Mode Linux starts only where a process may trace another, and its packages are Debian's; faultfs stands for the server elsewhere" },
  { what: "mail that others wrote", because: "it is theirs and no part of the project; who has some names the folder with FUMIBAKO_CORPORA" },
];
