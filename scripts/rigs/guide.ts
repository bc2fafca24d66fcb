import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { eventually } from '../../test/rig/eventually.ts'
import { connected, leftOfCode, tryCard } from './parts/card-way.ts'
import { Findings } from './parts/findings.ts'
import { FreshMachine } from './parts/fresh-machine.ts'
import { type Block, blocksOf, notShown } from './parts/guide.ts'
import { limitTo } from './parts/limit.ts'
import { Province } from './parts/province.ts'

const ROOT = join(import.meta.dirname, '../..')
const LIMIT_SECONDS = 5400
/** A block may fetch and unpack what the package depends on. */
const BLOCK_SECONDS = 900
const SEEN_MS = 60_000
const GUIDES = {
  en: { file: 'docs/install.md', language: 'C.UTF-8' },
  vi: { file: 'docs/cai-dat.md', language: 'vi_VN.UTF-8' },
} as const
type Language = keyof typeof GUIDES
const DEVICE = 'd-7k2m4q9x'
const BROKER_CHECKS = 'loa doctor --only network,dns,broker,subscriptions'

const madePackage = (): string => {
  const out = mkdtempSync(join(tmpdir(), 'loa-guide-'))
  execFileSync(join(ROOT, 'scripts/package'), ['--arch', 'amd64', '--out', out], { stdio: 'inherit' })
  return globSync(join(out, '*.deb'))[0] ?? ''
}

/** What a reader puts in the place of the guide's own example: the board there is, and what the province gave them. */
const own = (code: string, province: Province): string =>
  province.facts
    .reduce((text, [example, mine]) => text.replaceAll(example, mine), code)
    .replaceAll('rpi-4b-relay-hat', 'virtual')

/** What a reader answers to `loa setup`, a line a question; an empty one takes what is offered. */
const answersOf = (file: string, province: Province): readonly string[] => {
  const [broker, content, key] = province.facts.map(([, mine]) => mine)
  return [
    // Asked where nobody has set a locale of Vietnamese.
    ...(file === GUIDES.en.file ? ['2'] : []),
    ...['75', '26068', DEVICE, '', '', 'virtual'],
    // By a certificate of its own, whose authority lies in a file beside the package.
    ...[broker ?? '', '', basename(province.ca), content ?? '', `root-a ${key}`, '', ''],
    ...[province.codeFor(DEVICE), province.enrolUrl, ''],
  ]
}

const tell = (block: Block): string => (block.code.split('\n')[0] ?? '').slice(0, 90)

const follow = (
  machine: FreshMachine,
  block: Block,
  file: string,
  province: Province,
  findings: Findings,
): void => {
  const { mark, shows, line } = block
  const { language } = file === GUIDES.vi.file ? GUIDES.vi : GUIDES.en
  if (mark === undefined) {
    findings.broken(`${file}:${line}: nobody says whether it is to be run`)
    return
  }
  if (mark.kind === 'by-hand') {
    console.log(`  by hand (${mark.why}): ${tell(block)}`)
    return
  }
  const begun = performance.now()
  const { code, printed } = machine.type(
    own(block.code, province),
    language,
    BLOCK_SECONDS,
    mark.asks ? answersOf(file, province) : [],
  )
  const seconds = (performance.now() - begun) / 1000
  console.log(`  ${seconds.toFixed(0).padStart(4)} s  ${tell(block)}`)
  const missing = notShown(
    shows.map((each) => own(each, province)),
    printed,
  )
  const isExit = mark.exits.some((exit) => exit === code)
  if (isExit && missing === undefined) return
  findings.broken(
    isExit
      ? `${file}:${line}: is not shown: ${missing}`
      : `${file}:${line}: exit code ${code}, not ${mark.exits.join(' or ')}`,
  )
  console.log(printed.trimEnd().split('\n').slice(-40).join('\n'))
}

const tryGuide = async (
  language: Language,
  release: string,
  deb: string,
  findings: Findings,
): Promise<void> => {
  const { file } = GUIDES[language]
  console.log(`== ${file} on ${release}`)
  const begun = performance.now()
  await using province = await Province.open()
  await province.expect(DEVICE)
  using machine = FreshMachine.start(release)
  machine.give(deb)
  machine.give(province.ca)
  const typed = performance.now()
  for (const block of blocksOf(readFileSync(join(ROOT, file), 'utf8')))
    follow(machine, block, file, province, findings)
  const minutes = (from: number): string => ((performance.now() - from) / 60_000).toFixed(1)
  findings.count(`${file} on ${release}: ${minutes(typed)} minutes of typing, ${minutes(begun)} in all`)
  const isSeen = (): true | undefined => {
    const { played, events } = province.cameFrom(DEVICE)
    const isOnline = province.said.includes(DEVICE)
    return (isOnline && played.includes('completed') && events.includes('SELFTEST')) || undefined
  }
  await eventually('the province sees the receiver, its tone and its report', isSeen, SEEN_MS).catch(
    (error) => findings.broken(`${file} on ${release}: ${String(error)}`),
  )

  // The power goes and comes back.
  machine.shutDown()
  machine.boot()
  const says = (what: string, found: string, wanted: string): void => {
    if (found === wanted) console.log(`  ${what}: ${found}`)
    else findings.broken(`${file} on ${release}: ${what}: ${found}, not ${wanted}`)
  }
  says('after a boot', connected(machine), 'connected')
  says('what is left of the code', leftOfCode(machine), '')
  // The rest depends on the machine: a container has no sound card, no thermometer, and not all limits.
  console.log(machine.look("loa doctor | grep '^FAIL' | sed 's/^/  doctor: /' || true"))
  says(
    'of the broker',
    machine.look(`${BROKER_CHECKS} >/dev/null && echo well || ${BROKER_CHECKS} || true`),
    'well',
  )
  console.log('  the way of the card')
  const begunCard = performance.now()
  await tryCard(machine, province, basename(deb), says)
  findings.count(`first boot on ${release}: ${minutes(begunCard)} minutes`)
}

const { values } = parseArgs({
  options: {
    dist: { type: 'string', multiple: true },
    language: { type: 'string', multiple: true },
    package: { type: 'string' },
  },
})
const isLanguage = (text: string): text is Language => text in GUIDES
const findings = new Findings()
limitTo(LIMIT_SECONDS, () => findings.close('installation guide, cut short'))
const deb = values.package ?? madePackage()
const tries: readonly (readonly [Language, string])[] =
  values.dist === undefined && values.language === undefined
    ? [
        ['en', 'bookworm'],
        ['vi', 'trixie'],
      ]
    : (values.language ?? ['en', 'vi'])
        .filter(isLanguage)
        .flatMap((language) =>
          (values.dist ?? ['bookworm', 'trixie']).map((release) => [language, release] as const),
        )
for (const [language, release] of tries) {
  try {
    await tryGuide(language, release, deb, findings)
  } catch (error) {
    findings.broken(`${language} on ${release}: ${String(error)}`)
  }
}
if (values.package === undefined) rmSync(join(deb, '..'), { recursive: true })
process.exit(findings.close('installation guide'))
