import { readFile } from 'node:fs/promises'
import { askAgent } from '../../adapters/control/client.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { VerifiedKey, VerifyReport } from '../../core/verify-report.ts'
import { type Call, print, printJson, usage, type Verb } from '../call.ts'
import { controlSocket } from '../socket.ts'
import type { Tone } from '../text/style.ts'
import { padEnd, plain, wrap } from '../text/width.ts'

/** What a device takes from a broker. */
const MAX_BYTES = 1_000_000

type Row = { readonly label: string; readonly text: string; readonly tone?: Tone }

const gathered = async (input: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of input) {
    bytes += chunk.length
    // What is over the limit is counted no further: it may have no end.
    if (bytes > 2 * MAX_BYTES) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const fromFile = (call: Call, file: string): Promise<Uint8Array> =>
  readFile(file).catch((error: unknown) => {
    throw usage(call.say.faults.fileUnreadable(file, messageOf(error)))
  })

/** A compact JWS is often written with a line end, which is no part of it. */
const withoutLineEnd = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1
  return bytes.subarray(0, end)
}

const keyRow = ({ say }: Call, { kid, known, verifies, maySign }: VerifiedKey): Row => {
  const { verify } = say
  const label = verify.key
  if (!known) return { label, text: `${kid}: ${verify.unknownKey}`, tone: 'bad' }
  if (!verifies) return { label, text: `${kid}: ${verify.badSignature}`, tone: 'bad' }
  if (maySign === undefined) return { label, text: `${kid}: ${verify.verifies}` }
  return maySign
    ? { label, text: `${kid}: ${verify.may}`, tone: 'good' }
    : { label, text: `${kid}: ${verify.mayNot}`, tone: 'bad' }
}

const keyRows = (call: Call, { keys, signatures, document }: VerifyReport): readonly Row[] => {
  const { verify } = call.say
  if (signatures === 'off') return [{ label: verify.key, text: verify.signaturesOff, tone: 'warn' }]
  if (keys.length > 0) return keys.map((key) => keyRow(call, key))
  return document === undefined ? [] : [{ label: verify.key, text: verify.unsigned, tone: 'bad' }]
}

const rowsOf = (call: Call, report: VerifyReport): readonly Row[] => {
  const { verify } = call.say
  const { document, rev, iat, exp, hash, held, verdict, code, path, message } = report
  const revision = rev === undefined ? '' : `, ${verify.revision(rev)}`
  const same = held !== undefined && held.hash === hash ? `, ${verify.sameContent}` : ''
  const where = path === undefined || path === '' || message?.startsWith(path) === true ? '' : `${path}: `
  const why = code === undefined ? '' : ` ${code} - ${where}${message ?? ''}`
  return [
    { label: verify.document, text: document === undefined ? verify.noDocument : `${document}${revision}` },
    ...(iat === undefined ? [] : [{ label: verify.issued, text: iat }]),
    ...(exp === undefined ? [] : [{ label: verify.expires, text: exp }]),
    ...(hash === undefined ? [] : [{ label: verify.hash, text: hash }]),
    ...keyRows(call, report),
    {
      label: verify.held,
      text:
        held === undefined
          ? verify.nothingHeld
          : `${verify.revision(held.rev)}${same} (${held.signers.join(', ') || '-'})`,
    },
    {
      label: verify.verdict,
      text: `${verify.verdicts[verdict]}${why}`,
      tone: verdict === 'refused' ? 'bad' : 'good',
    },
  ]
}

const GAP = 2

const linesOf = (call: Call, rows: readonly Row[]): readonly string[] => {
  const width = Math.max(...rows.map(({ label }) => label.length)) + GAP
  return rows.flatMap(({ label, text, tone }) =>
    wrap(plain(text), call.columns - width).map((line, index) =>
      `${call.paint('dim', padEnd(index === 0 ? label : '', width))}${call.paint(tone, line)}`.trimEnd(),
    ),
  )
}

/** `loa verify FILE|-`: exits 1 for a document that would be refused. */
export const verify: Verb = async (call) => {
  const [file, extra] = call.words
  if (file === undefined || extra !== undefined) throw usage(call.say.usage.verifyWhat)
  const message = withoutLineEnd(file === '-' ? await gathered(call.io.input()) : await fromFile(call, file))
  if (message.length > MAX_BYTES)
    throw new LoaError('TOO_LARGE', call.say.verify.tooLarge(message.length, MAX_BYTES))
  const body = (async function* () {
    yield message
  })()
  const socket = await controlSocket(call)
  const report = await askAgent(socket, 'verify', { bytes: message.length }, { body })
  if (call.json) printJson(call, report)
  else print(call, linesOf(call, rowsOf(call, report)))
  return report.verdict === 'refused' ? 1 : 0
}
