import { usage, type Verb } from '../call.ts'

/** `run` never comes here in its right form: scripts/loa becomes the agent itself. */
export const run: Verb = (call) => Promise.reject(usage(call.say.usage.runFirst))
