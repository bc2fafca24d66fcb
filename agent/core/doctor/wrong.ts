/** What is wrong, and what to do next: a command to type where there is one. */
export type Wrong = readonly [what: string, next: string]
