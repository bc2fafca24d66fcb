import { nodeFault } from '../core/node-version.ts'

// Everything else is imported after this: an old Node could not even load it, and must be able to say so.
const fault = nodeFault(process.versions.node)
if (fault === undefined) {
  void import('./process-edge.ts').then((edge) => edge.main())
} else {
  process.stderr.write(`loa: ${fault}\n`)
  process.exitCode = 1
}
