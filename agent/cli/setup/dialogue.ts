import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { listBoards } from '../../adapters/config/board-files.ts'
import { isCertificates } from '../../adapters/identity/certificate.ts'
import { remove } from '../../adapters/identity/files.ts'
import { boardFolder } from '../../adapters/system/project.ts'
import { plainCode } from '../../core/enrolment/code.ts'
import { LoaError } from '../../core/error.ts'
import { namesItsPlace, type Place } from '../../core/place.ts'
import type { SetupAnswers } from '../../core/setup/answers.ts'
import { createDeviceId } from '../../core/setup/device-id.ts'
import { PROVINCES } from '../../core/setup/provinces.ts'
import { isBrokerUrl, isContentPlace, isDeviceId, isLanguage } from '../../wire/boot-configuration.ts'
import type { Call } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { digestOf, setupSteps } from './apply.ts'
import { askChoice, askLine, askText, askYes } from './ask.ts'
import { askPorts, askSound } from './devices.ts'
import { enrol } from './enrol.ts'
import { configuredId } from './from-file.ts'
import { say, tellOutcome } from './outcome.ts'
import { setupPaths } from './paths.ts'
import { boardOf, brokenOff, fittingBoards, planSetup } from './plan.ts'
import { keysIn } from './root-keys.ts'

const listed = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((each) => each !== '')

const askPlace = async (call: Call): Promise<Place> => {
  const { questions, checks, province: thatIs } = call.say.setup
  for (;;) {
    const province = await askLine(call, {
      question: questions.province,
      check: (text) => (/^\d{2}$/.test(text) ? undefined : checks.digits(2)),
    })
    const name = PROVINCES[province]
    if (name !== undefined) say(call, [`  ${thatIs(name)}`])
    else if (!(await askYes(call, questions.provinceUnknown(province), false))) continue
    const commune = await askLine(call, {
      question: questions.commune,
      check: (text) => (/^\d{5}$/.test(text) ? undefined : checks.digits(5)),
    })
    return { province, commune }
  }
}

const askDevice = async (call: Call): Promise<SetupAnswers['device']> => {
  const { questions, checks } = call.say.setup
  const place = await askPlace(call)
  const id = await askLine(call, {
    question: questions.id,
    usual: configuredId(setupPaths(call)) ?? createDeviceId(place, randomBytes),
    check: (text) => {
      if (!isDeviceId(text)) return checks.id
      return namesItsPlace({ id: text, ...place }) ? checks.idNamesPlace : undefined
    },
  })
  const groups = await askLine(call, {
    question: questions.groups,
    usual: '',
    check: (text) => (listed(text).every(isDeviceId) ? undefined : checks.id),
  })
  const languages = await askLine(call, {
    question: questions.languages,
    usual: 'vi',
    check: (text) => {
      const all = listed(text)
      return all.length > 0 && all.length <= 16 && all.every(isLanguage) ? undefined : checks.language
    },
  })
  return { id, ...place, groups: listed(groups), languages: listed(languages) }
}

const askBoard = (call: Call): Promise<string> => {
  const { questions, fitsHere } = call.say.setup
  const { names } = fittingBoards(call)
  const all = listBoards(boardFolder()).flatMap((each) => ('board' in each ? [each.name] : []))
  const choices = [...names, ...all.filter((name) => !names.includes(name))].map((name) => ({
    label: name,
    value: name,
    ...(names.includes(name) ? { note: fitsHere } : {}),
  }))
  return askChoice(call, questions.board, choices, names.length > 0 ? 0 : undefined)
}

const askAccount = async (call: Call): Promise<Pick<SetupAnswers['mqtt'], 'username' | 'password'>> => {
  const { questions } = call.say.setup
  const ways = [
    { label: questions.loginCertificate, value: 'certificate' as const },
    { label: questions.loginPassword, value: 'password' as const },
  ]
  if ((await askChoice(call, questions.login, ways, 0)) === 'certificate') return {}
  const username = await askLine(call, { question: questions.username })
  return { username, password: await askLine(call, { question: questions.password, hidden: true }) }
}

const askMqtt = async (call: Call): Promise<SetupAnswers['mqtt']> => {
  const { questions, checks } = call.say.setup
  const urls = listed(
    await askLine(call, {
      question: questions.brokers,
      check: (text) => {
        const all = listed(text)
        if (all.length === 0 || all.length > 8) return checks.needed
        const bad = all.find((url) => !isBrokerUrl(url))
        return bad === undefined ? undefined : checks.broker(bad)
      },
    }),
  )
  if (!urls.some((url) => url.startsWith('mqtts:'))) return { urls }
  const account = await askAccount(call)
  const ca = await askText(call, {
    question: questions.ca,
    check: (text) => (isCertificates(text) ? undefined : checks.certificate),
  })
  return { urls, ca, ...account }
}

const askContent = async (call: Call): Promise<readonly string[]> => {
  const { questions, checks } = call.say.setup
  const text = await askLine(call, {
    question: questions.content,
    usual: '',
    check: (answer) => {
      const bad = listed(answer).find((url) => !isContentPlace(url))
      return bad === undefined ? undefined : checks.place(bad)
    },
  })
  return listed(text)
}

const askKeys = async (
  call: Call,
): Promise<Pick<SetupAnswers, 'signatures' | 'rootKeys' | 'threshold' | 'updateKeys'>> => {
  const { questions, checks } = call.say.setup
  const hasKeys = (text: string): string | undefined => (keysIn(text).length > 0 ? undefined : checks.keys)
  for (;;) {
    const text = await askText(call, {
      question: questions.rootKeys,
      ...(call.options.yes === true ? {} : { usual: '' }),
      check: hasKeys,
    })
    if (text !== '') {
      const updates = await askText(call, { question: questions.updateKeys, usual: '', check: hasKeys })
      return { signatures: 'required', rootKeys: keysIn(text), threshold: 1, updateKeys: keysIn(updates) }
    }
    if (await askYes(call, questions.bench, false))
      return { signatures: 'off', rootKeys: [], threshold: 1, updateKeys: [] }
  }
}

const askCode = async (
  call: Call,
  { urls, password }: SetupAnswers['mqtt'],
): Promise<Pick<SetupAnswers, 'enrolment'>> => {
  const { questions, checks } = call.say.setup
  if (password !== undefined || !urls.some((url) => url.startsWith('mqtts:'))) return {}
  const code = await askLine(call, {
    question: questions.code,
    usual: '',
    check: (text) => (text === '' || plainCode(text) !== undefined ? undefined : checks.code),
  })
  if (code === '') return {}
  const places = await askLine(call, {
    question: questions.enrolAt,
    usual: '',
    check: (text) => {
      const bad = listed(text).find((url) => !isBrokerUrl(url))
      return bad === undefined ? undefined : checks.broker(bad)
    },
  })
  return { enrolment: { code, ...(places === '' ? {} : { urls: listed(places) }) } }
}

const askAnswers = async (call: Call): Promise<SetupAnswers> => {
  const device = await askDevice(call)
  const board = await askBoard(call)
  const made = boardOf(board)
  const sound = await askSound(call, made)
  const ports = await askPorts(call, made)
  const mqtt = await askMqtt(call)
  const allow = await askContent(call)
  const keys = await askKeys(call)
  const code = await askCode(call, mqtt)
  return { device, board, ...(sound === undefined ? {} : { sound }), ports, mqtt, allow, ...keys, ...code }
}

const LANGUAGES = [
  { label: 'Tiếng Việt', value: 'vi' },
  { label: 'English', value: 'en' },
] as const

/** The language of a locale that nobody set says nothing of whoever stands here. */
const inTheirLanguage = async (call: Call): Promise<Call> => {
  if (call.options.lang !== undefined || call.language === 'vi' || call.options.yes === true) return call
  const language = await askChoice(call, 'Ngôn ngữ / Language', LANGUAGES, 0)
  return language === 'en' ? call : { ...call, language, say: (await import('../messages/vi.ts')).vi }
}

/** `loa setup`: asks, shows, and writes after a last question. */
export const dialogue = async (asked: Call): Promise<ExitCode> => {
  const paths = setupPaths(asked)
  if (existsSync(paths.config) && asked.options.force !== true)
    throw new LoaError('CONFIG', asked.say.setup.faults.exists(paths.config))
  const call = await inTheirLanguage(asked)
  const words = call.say.setup
  say(call, words.intro)
  const answers = await askAnswers(call)
  const plan = planSetup(call, paths, answers, undefined)
  const dryRun = call.options['dry-run'] === true
  if (call.options.yes !== true) say(call, ['', words.summary, ...plan.yaml.trimEnd().split('\n')])
  if (!dryRun && !(await askYes(call, words.questions.write, true))) throw brokenOff(call)
  const again = configuredId(paths) === plan.id
  const { steps, kept } = setupSteps(call, paths, plan, { answers: digestOf(plan.yaml), again })
  if (!dryRun) {
    for (const { run } of steps) run()
    remove(paths.journal)
  }
  tellOutcome(call, paths, plan, { dryRun, kept })
  // Whatever becomes of it now, it is set up; the certificate is asked for again at power-on.
  if (!dryRun && answers.enrolment !== undefined && !call.json) await enrol(call, false)
  return 0
}
