import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { certificateFault } from '../../adapters/identity/certificate.ts'
import { giveFolder, rename, replaceKeeping, textOf, writeWhole } from '../../adapters/identity/files.ts'
import { createKey, pemOf, requestFor } from '../../adapters/identity/key-pair.ts'
import { LoaError } from '../../core/error.ts'
import type { Call } from '../call.ts'
import { agentMayRead, ROOT_ALONE, type SetupPaths } from './paths.ts'
import type { SetupPlan } from './plan.ts'

/** What a run that was cut off leaves for the next: the same answers get the same id and go on where it was. */
export type Journal = { readonly answers: string; readonly id: string }

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

export const readJournal = (paths: SetupPaths): Journal | undefined => {
  try {
    const { answers, id }: Partial<Journal> = JSON.parse(textOf(paths.journal) ?? '{}')
    return typeof answers === 'string' && typeof id === 'string' ? { answers, id } : undefined
  } catch {
    // Written whole, it is never half of one; what somebody else put there counts as nothing.
    return undefined
  }
}

/** Beside the file, with the time in its name, so that no earlier one is lost. */
export const oldName = (file: string, now: number): string => {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const names = ['', '-2', '-3', '-4', '-5'].map((n) => `${file}.${stamp}${n}`)
  return names.find((name) => !existsSync(name)) ?? `${file}.${now}`
}

type Step = { readonly name: string; readonly run: () => void }

export type Applied = { readonly steps: readonly Step[]; readonly kept: readonly string[] }

const keySteps = (call: Call, paths: SetupPaths, plan: SetupPlan, again: boolean): readonly Step[] => {
  const rights = agentMayRead(call)
  const { key, cert } = plan.answers.mqtt
  const held = existsSync(paths.key)
  // Kept while the same device is set up: a certificate may be under way for it.
  const fresh = key ?? (held && again ? undefined : createKey())
  return [
    ...(fresh === undefined
      ? []
      : [
          {
            name: 'key',
            run: () => {
              for (const file of [paths.cert, paths.request, paths.key])
                if (existsSync(file)) rename(file, oldName(file, call.io.now()))
              writeWhole(paths.key, fresh, rights)
            },
          },
        ]),
    {
      name: 'request',
      run: () => {
        if (existsSync(paths.request) || cert !== undefined) return
        const der = requestFor(plan.id, textOf(paths.key) ?? '')
        writeWhole(paths.request, pemOf('CERTIFICATE REQUEST', der), rights)
      },
    },
    ...(cert === undefined ? [] : [{ name: 'certificate', run: () => writeWhole(paths.cert, cert, rights) }]),
  ]
}

const enrolmentStep = (paths: SetupPaths, { answers }: SetupPlan): readonly Step[] => {
  const { enrolment, mqtt } = answers
  if (enrolment === undefined) return []
  const { code, urls = mqtt.urls, username, password } = enrolment
  const pending = { v: 1, code, urls, username, password }
  return [
    {
      name: 'enrolment',
      run: () => writeWhole(paths.enrolment, `${JSON.stringify(pending)}\n`, ROOT_ALONE),
    },
  ]
}

/** @throws CONFIG when a certificate that was given is not of this device */
const checkPair = (call: Call, { id, answers }: SetupPlan): void => {
  const { cert, key, ca } = answers.mqtt
  if (cert === undefined) return
  const fault = certificateFault(cert, { name: id, keyPem: key ?? '', caPem: ca, now: call.io.now() })
  // At the first power-on the clock may be anything.
  if (fault !== undefined && fault.what !== 'dates')
    throw new LoaError('CONFIG', call.say.setup.faults.badPair(`${fault.what}: ${fault.detail}`))
}

/**
 * The steps of setting up, in an order in which each may be the last: agent.yaml, which lets the agent start, comes when
 * all that it names is there. Run again with the same answers they come to the same end.
 * @throws CONFIG, IO
 */
export const setupSteps = (
  call: Call,
  paths: SetupPaths,
  plan: SetupPlan,
  { answers, again }: { readonly answers: string; readonly again: boolean },
): Applied => {
  checkPair(call, plan)
  const rights = agentMayRead(call)
  const { mqtt } = plan.answers
  const write = (name: string, file: string, text: string | undefined): readonly Step[] =>
    text === undefined ? [] : [{ name, run: () => writeWhole(file, text, rights) }]
  const old = oldName(paths.config, call.io.now())
  const replaces = existsSync(paths.config) && textOf(paths.config) !== plan.yaml
  return {
    steps: [
      {
        name: 'folders',
        run: () => {
          for (const folder of [paths.folder, paths.tls]) {
            if (mkdirSync(folder, { recursive: true }) !== undefined) giveFolder(folder, rights)
          }
        },
      },
      ...(plan.certificate ? keySteps(call, paths, plan, again) : []),
      // After the key: what was cut off before is of no use to anybody and is made anew.
      {
        name: 'journal',
        run: () => writeWhole(paths.journal, `${JSON.stringify({ answers, id: plan.id })}\n`, ROOT_ALONE),
      },
      ...write('authority', paths.ca, mqtt.ca),
      ...write('password', paths.password, mqtt.password === undefined ? undefined : `${mqtt.password}\n`),
      ...write('board', paths.board, plan.boardYaml),
      ...(plan.certificate && mqtt.cert === undefined ? enrolmentStep(paths, plan) : []),
      {
        name: 'configuration',
        run: () => {
          if (replaces) replaceKeeping(paths.config, old, plan.yaml, rights)
          else writeWhole(paths.config, plan.yaml, rights)
        },
      },
    ],
    kept: replaces ? [old] : [],
  }
}
