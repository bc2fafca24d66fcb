import { epochMs } from '../../../agent/core/time.ts'
import { openRealLibrary } from './real-library.ts'

/** Arguments: path of media.db, allowed prefix, the reference as JSON. Fetches until it is killed. */
const [path = '', allow = '', reference = ''] = process.argv.slice(2)
openRealLibrary(path, [allow]).library.want([{ ref: JSON.parse(reference), neededAt: epochMs(0) }])
