/**
 * Ends the process with exit code 1 when it is not over by then, or is told to end, after `close` has said what was found;
 * what it started goes with it.
 */
export const limitTo = (seconds: number, close: () => unknown): void => {
  const end = (why: string): void => {
    console.log(`\nCUT SHORT: ${why}`)
    close()
    process.exit(1)
  }
  setTimeout(() => end(`not over after ${seconds.toFixed(0)} s`), seconds * 1000).unref()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(signal))
}
