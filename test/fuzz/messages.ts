import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { DocumentKind } from '../../agent/core/documents.ts'
import { parseControlRequest } from '../../agent/wire/control-verbs.ts'
import { parseAcked, parseDocument } from '../../agent/wire/documents.ts'
import { openEnvelope } from '../../agent/wire/envelope.ts'
import { example, FRESH } from '../fixtures/documents.ts'
import { askerOf } from '../service/intake/asking.ts'
import { Desk } from '../service/intake/desk.ts'
import { mutated } from './mutations.ts'
import { must, type Target, taken, target } from './target.ts'

const KINDS = ['trust', 'schedule', 'alert', 'fresh', 'desired', 'command'] as const
const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../docs/vectors/${name}`, import.meta.url), 'utf8'))
const bytesOf = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

const accepted: readonly { kind: DocumentKind; message: string; sha256: string; payload: string }[] =
  vectors('accepted.json').vectors
const refused: readonly { message: string }[] = vectors('refused.json').vectors
const messages = [...accepted, ...refused].map(({ message }) => bytesOf(message))
const documents = [
  ...KINDS.map((kind) => (kind === 'fresh' ? FRESH : example(kind))),
  ...accepted.map(({ payload }) => payload),
].map(bytesOf)

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** The device of the vectors, with its trust document. */
const device = () => {
  const desk = new Desk()
  const { device: of } = vectors('accepted.json')
  desk.clock.step(Date.parse(of.now) - desk.clock.wall())
  desk.rootKeys = vectors('keys.json').keys.filter(({ kid }: { kid: string }) => kid.startsWith('test-root'))
  desk.time.update()
  desk.open('required', of.threshold)
  desk.receive('trust', bytesOf(accepted.find(({ kind }) => kind === 'trust')?.message), '75')
  return { desk, ask: askerOf(desk, of.id) }
}
const { desk, ask } = device()
const signed = new Set(accepted.map(({ sha256 }) => sha256))

export const messageTargets: readonly Target[] = [
  target(
    'envelope',
    fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom('required', 'off'), mutated(messages)),
    ([kind, signatures, bytes]) => {
      const envelope = taken(['BAD_SIGNATURE', 'TOO_LARGE', 'INVALID'], () =>
        openEnvelope(kind, bytes, { signatures }),
      )
      if (envelope === undefined) return 'refused'
      if (envelope.form !== 'compact') return 'accepted'
      const [signature] = envelope.signatures
      const input = Buffer.from(signature?.signingInput ?? '').toString('latin1')
      const again = `${input}.${base64url(signature?.signature ?? new Uint8Array())}`
      must(again === Buffer.from(bytes).toString('latin1'), 'a message has one spelling')
      must(input.endsWith(`.${base64url(envelope.payload)}`), 'what was signed is the payload')
      return 'accepted'
    },
  ),
  target('signed message', mutated(messages), (bytes) => {
    const before = JSON.stringify(desk.intake.revisions)
    const { verdict, hash, code } = ask(bytes)
    must(JSON.stringify(desk.intake.revisions) === before, 'asking changes nothing')
    if (verdict === 'refused') {
      must(code !== undefined, 'a refusal has its code')
      return 'refused'
    }
    must(hash !== undefined && signed.has(hash), 'nothing is taken that was not signed')
    return 'accepted'
  }),
  target('document', fc.tuple(fc.constantFrom(...KINDS), mutated(documents)), ([kind, bytes]) => {
    const document = taken(['INVALID', 'TOO_LARGE'], () => parseDocument(kind, bytes))
    if (document === undefined) return 'refused'
    const again = parseDocument(kind, bytesOf(document))
    must(isDeepStrictEqual(again, document), 'what was taken is taken again as it is')
    return 'accepted'
  }),
  target(
    'control request',
    mutated(
      [
        { verb: 'status' },
        { verb: 'log', args: { since: '2026-11-22T05:00:00+07:00', limit: 5 }, follow: true },
        { verb: 'schedule', args: { days: 7 } },
        { verb: 'play', args: { tone: { hz: 440 }, seconds: 3, volume: 30 }, follow: true },
        { verb: 'play', args: { file: { sha256: 'ab'.repeat(32), bytes: 9, format: 'mp3', name: 'a' } } },
        { verb: 'amplifier', args: { id: 'main', on: true, seconds: 10 } },
        { verb: 'verify', args: { bytes: 1000 } },
      ].map(bytesOf),
    ),
    (bytes) => {
      const request = taken(['INVALID', 'USAGE', 'TOO_LARGE'], () => parseControlRequest(bytes))
      if (request === undefined) return 'refused'
      must(isDeepStrictEqual(parseControlRequest(bytesOf(request)), request), 'a request is one again')
      return 'accepted'
    },
  ),
  target(
    'acked',
    mutated([bytesOf({ epoch: '0f'.repeat(16), upTo: 5101, hash: 'ab'.repeat(32) })]),
    (bytes) => {
      const acked = taken(['INVALID', 'TOO_LARGE'], () => parseAcked(bytes))
      if (acked === undefined) return 'refused'
      must(Number.isSafeInteger(acked.upTo) && acked.upTo >= 0, 'upTo is a count')
      return 'accepted'
    },
  ),
]
