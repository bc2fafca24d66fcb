import { existsSync } from 'node:fs'
import type { DocumentKind, TrustDocument, TrustKey } from '../../../agent/core/documents.ts'
import { LoaError } from '../../../agent/core/error.ts'
import type { Arguments } from '../arguments.ts'
import { keyFile, readRoots, readTrust, writeTrust } from '../key-folder.ts'
import { makeKey, readKey, type SigningKey, writeKey } from '../keys.ts'
import { DOCUMENT_KINDS } from '../sign.ts'
import { type GrantOptions, grant, nextTrust, successorOf } from '../trust.ts'
import type { Verb } from '../verb.ts'

const CLASSES: readonly TrustKey['maxClass'][] = ['normal', 'priority', 'emergency']
const AREA = /^(?:vn|\d{2}(?:\/\d{5})?)$/

const openKey = async (directory: string, kid: string): Promise<SigningKey> => {
  const file = keyFile(directory, kid)
  if (existsSync(file)) return await readKey(file)
  const key = makeKey(kid)
  await writeKey(file, key)
  return key
}

const kindsOf = (args: Arguments): readonly DocumentKind[] =>
  args.list('kind').map((name) => {
    const kind = DOCUMENT_KINDS.find((each) => each === name)
    if (kind === undefined) throw new LoaError('USAGE', `--kind must be one of ${DOCUMENT_KINDS.join(', ')}`)
    return kind
  })

const wish = (args: Arguments): Pick<GrantOptions, 'kinds' | 'maxClass' | 'days'> => {
  const kinds = kindsOf(args)
  const named = args.text('max-class')
  const maxClass = CLASSES.find((each) => each === named)
  if (named !== undefined && maxClass === undefined)
    throw new LoaError('USAGE', `--max-class must be one of ${CLASSES.join(', ')}`)
  const days = args.number('days', { min: 1, max: 3650 })
  return {
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(maxClass === undefined ? {} : { maxClass }),
    ...(days === undefined ? {} : { days }),
  }
}

type Change = (trust: TrustDocument, kid: string, args: Arguments) => Promise<readonly TrustKey[]>

const granted = (trust: TrustDocument, kid: string): TrustKey => {
  const key = trust.keys.find((each) => each.kid === kid)
  if (key === undefined)
    throw new LoaError(
      'USAGE',
      `${kid} is not granted; these are: ${trust.keys.map((each) => each.kid).join(', ') || 'none'}`,
    )
  return key
}

const CHANGES: Readonly<Record<string, Change>> = {
  grant: async ({ keys }, kid, args) => {
    const area = args.required('area')
    if (!AREA.test(area)) throw new LoaError('USAGE', '--area must be vn, two digits, or two digits / five')
    const key = await openKey(args.required('dir'), kid)
    const others = keys.filter((each) => each.kid !== kid)
    return [...others, grant(key, { area, from: new Date(), ...wish(args) })]
  },
  rotate: async (trust, kid, args) => {
    const old = granted(trust, kid)
    const key = await openKey(args.required('dir'), successorOf(kid))
    return [...trust.keys, grant(key, { ...old, from: new Date(), ...wish(args) })]
  },
  revoke: (trust, kid) => {
    granted(trust, kid)
    return Promise.resolve(trust.keys.filter((each) => each.kid !== kid))
  },
}

const describe = ({ kid, area, kinds, maxClass, nbf, exp }: TrustKey): string =>
  `${kid}  ${area}  ${kinds.join(',')}  up to ${maxClass}  ${nbf.slice(0, 10)} to ${exp.slice(0, 10)}`

export const trust: Verb = {
  name: 'trust',
  summary: 'grant, rotate and revoke publisher keys',
  help: `  province trust --dir D                    what is granted
  province trust --dir D grant KID --area A [--kind K]... [--max-class C]
                               [--days N]
  province trust --dir D rotate KID
  province trust --dir D revoke KID

Changes D/trust.json under a higher revision and signs it with the root keys in
D as D/trust.jws.json; publish that. Nothing else makes devices follow.
  grant     makes the key if it is not there; a granted one gets this grant
  rotate    makes KID.2 with the grant of KID; both sign until KID is revoked
  revoke    devices drop at once what only KID signed, and go back to the last
            document of each topic that a key still granted signed
  --area A        vn, a province, or a commune: 75, 75/26068
  --kind K        what it may sign; several (default: schedule for a commune's
                  key, all but trust for others)
  --max-class C   normal, priority or emergency
  --days N        validity (default 365)`,
  options: {
    dir: { type: 'string' },
    area: { type: 'string' },
    kind: { type: 'string', multiple: true },
    'max-class': { type: 'string' },
    days: { type: 'string' },
  },
  run: async (args, io) => {
    const directory = args.required('dir')
    const [order, kid, ...more] = args.positionals
    const held = await readTrust(directory)
    if (held === undefined)
      throw new LoaError('USAGE', `no trust.json in ${directory}; make one with \`province keys --dir D\``)
    const change = order === undefined ? undefined : CHANGES[order]
    if (order !== undefined && (change === undefined || kid === undefined || more.length > 0))
      throw new LoaError('USAGE', 'say grant KID, rotate KID or revoke KID; see `province trust --help`')
    let shown = held
    if (change !== undefined && kid !== undefined) {
      shown = nextTrust(held, await change(held, kid, args), new Date())
      await writeTrust(directory, shown, await readRoots(directory))
      io.note(`next: province publish --url … ${directory}/trust.jws.json`)
    }
    if (io.json) io.out(JSON.stringify(shown))
    else for (const line of [`rev ${shown.rev}`, ...shown.keys.map(describe)]) io.out(line)
    return 0
  },
}
