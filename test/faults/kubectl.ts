/** kubectl, on the cluster that the stories are told in. */

/** Throws, quoting what it said, when it fails. */
export type Kubectl = (args: string[], input?: string) => Promise<string>;
