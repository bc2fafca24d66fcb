import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { checkBootFile } from '../../adapters/config/boot-file.ts'
import { valuesWithout } from '../../adapters/config/edit-yaml.ts'
import { isCertificates } from '../../adapters/identity/certificate.ts'
import { remove, rename, textOf, wipe, writeWhole } from '../../adapters/identity/files.ts'
import { messageOf } from '../../core/error.ts'
import type { SetupAnswers } from '../../core/setup/answers.ts'
import { BOOT_SECRETS } from '../../wire/boot-configuration.ts'
import { ConfigFault } from '../../wire/config-fault.ts'
import type { Call } from '../call.ts'
import type { Messages } from '../messages/messages.ts'
import { faultLines } from '../views/fault-lines.ts'

/** Of FAT: no owners, no rights. */
const OPEN = { mode: 0o644 } as const

/** `loa.yaml`, and what is made of it beside it. */
export type BootPlaces = {
  readonly file: string
  /** What is left of it when it was obeyed. */
  readonly done: string
  /** Why it was not. */
  readonly error: string
  /** Its name while its secrets are overwritten. */
  readonly wiping: string
}

export const bootPlaces = (file: string): BootPlaces => {
  const beside = (name: string): string => join(dirname(file), `${basename(file, '.yaml')}${name}`)
  return { file, done: beside('.done.yaml'), error: beside('-error.txt'), wiping: beside('.wiping') }
}

export type BootFile = {
  readonly text: string
  readonly answers: SetupAnswers
  /** Files beside it that hold secrets. */
  readonly secretFiles: readonly string[]
}

const PEM = /^\s*-----BEGIN /
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

type PemKey = 'ca' | 'cert' | 'key'

/** The PEM text that a member is, or names. */
const pemText = ({ say }: Call, file: string, name: PemKey, value: string): string => {
  const { faults } = say.setup
  const fault = (message: string): ConfigFault => new ConfigFault(file, [{ path: name, message }])
  if (!PEM.test(value) && !PLAIN_NAME.test(value.trim())) throw fault(faults.beside(name))
  const beside = join(dirname(file), value.trim())
  const text = PEM.test(value) ? value : textOf(beside, 65_536)
  if (text === undefined) throw fault(faults.missing(beside))
  if (name !== 'key' && !isCertificates(text)) throw fault(faults.noCertificate(name))
  return text.trimEnd().replaceAll('\r\n', '\n').concat('\n')
}

const bootTextOf = ({ say }: Call, file: string): string => {
  const fault = (message: string): ConfigFault => new ConfigFault(file, [{ path: '', message }])
  let text: string | undefined
  try {
    text = textOf(file)
  } catch (error) {
    throw fault(messageOf(error))
  }
  if (text === undefined) throw fault(say.setup.faults.missing(file))
  return text
}

/** @throws ConfigFault with everything that is wrong with the file */
export const readBootFile = (call: Call, file: string): BootFile => {
  const text = bootTextOf(call, file)
  const answers = checkBootFile(file, text)
  const { mqtt } = answers
  const pem = (name: PemKey): Partial<Record<PemKey, string>> =>
    mqtt[name] === undefined ? {} : { [name]: pemText(call, file, name, mqtt[name]) }
  const named = mqtt.key === undefined || PEM.test(mqtt.key) ? [] : [join(dirname(file), mqtt.key.trim())]
  return {
    text,
    answers: { ...answers, mqtt: { ...mqtt, ...pem('ca'), ...pem('cert'), ...pem('key') } },
    secretFiles: named,
  }
}

/** Overwrites what an earlier run had set aside for that; whatever else it holds, its time is over. */
export const finishWiping = ({ wiping }: BootPlaces): boolean => {
  if (!existsSync(wiping)) return false
  wipe(wiping)
  return true
}

/**
 * Takes the secrets off the partition: what is left is written first, then the file is set aside, overwritten and
 * removed. Cut off at any moment, the next run goes on from there.
 */
export const scrub = (
  { say }: Call,
  places: BootPlaces,
  { text, secretFiles }: BootFile,
  { id, request }: { readonly id: string; readonly request: string | undefined },
): void => {
  const head = `# ${say.setup.doneFile}\n`
  writeWhole(places.done, head + valuesWithout(text, BOOT_SECRETS, { id }), OPEN)
  if (request !== undefined) writeWhole(join(dirname(places.file), `${id}.csr`), request, OPEN)
  for (const file of secretFiles) if (existsSync(file)) wipe(file)
  rename(places.file, places.wiping)
  finishWiping(places)
  remove(places.error)
}

const LANGUAGES = ['vi', 'en'] as const
const catalogue = async (language: (typeof LANGUAGES)[number]): Promise<Messages> =>
  language === 'vi' ? (await import('../messages/vi.ts')).vi : (await import('../messages/en.ts')).en

/** What is wrong, for people of either language. */
export type Reason = (say: Messages) => readonly string[]

/** A fault as a reason; what is no fault of the file was told in one language only. */
export const reasonOf =
  (error: unknown): Reason =>
  (say) =>
    error instanceof ConfigFault ? faultLines(say, 78, error) : [messageOf(error)]

const sentences = (say: Messages, reason: Reason): readonly string[] => {
  const what = reason(say)
  const { title, nothing, next } = say.setup.error
  return [title, ...what, nothing, next]
}

/** Writes why a file was not obeyed, in both languages, where whoever takes the card out finds it. Never throws. */
export const explainBeside = async (
  call: Call,
  { error: file }: BootPlaces,
  reason: Reason,
): Promise<void> => {
  const parts: string[] = []
  for (const language of LANGUAGES) parts.push(sentences(await catalogue(language), reason).join('\r\n'))
  try {
    writeWhole(file, `${parts.join('\r\n\r\n')}\r\n`, OPEN)
  } catch (cause) {
    call.io.err(`loa: ${messageOf(cause)}\n`)
  }
}
