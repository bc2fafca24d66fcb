import type { RefusalCode } from '../codes.ts'
import type { Refused } from '../refused.ts'
import type { Check } from './check.ts'
import type { AgentFacts } from './facts.ts'
import { daysUntil, isCutOff, ofAgent, timeOf } from './of-agent.ts'
import { fail, ok, type Told, warn } from './told.ts'
import type { DoctorWords } from './words.ts'

const RENEW_SCHEDULE_DAYS = 3
/** What is no document: the order is lost, what is in force is not touched. */
const ORDERS: readonly string[] = ['command', 'acked', 'job']
/** A sender's mistake that leaves the newer one in force. */
const HARMLESS: readonly RefusalCode[] = ['OLD_REVISION']

const isWithoutTrust = ({ settings, trust }: AgentFacts): boolean =>
  settings.signatures === 'required' && trust.length === 0

const held = ofAgent((agent, say) => {
  const list = Object.entries(agent.revisions).map(([document, rev]) => `${document} ${rev}`)
  const told = list.length === 0 ? [] : [ok(say.documents.held(list.join(', ')))]
  const untold = agent.refused.length > 0 || isCutOff(agent) || isWithoutTrust(agent)
  return agent.schedules.length > 0 || untold
    ? told
    : [...told, warn(say.documents.none(agent.settings.area))]
})

const schedules = ofAgent((agent, say) =>
  agent.schedules.map(({ document, exp }) => {
    if (exp === undefined) return ok(say.documents.scheduleOpen(document))
    const left = daysUntil(agent, exp)
    if (left > RENEW_SCHEDULE_DAYS) return ok(say.documents.scheduleFine(document, timeOf(agent, exp)))
    return left <= 0
      ? fail(say.documents.scheduleEnded(document, timeOf(agent, exp)), 'EXPIRED_SCHEDULE')
      : warn(say.documents.scheduleEnds(document, timeOf(agent, exp)))
  }),
)

const refusal = ({ document, rev, kid, code, path, message }: Refused, say: DoctorWords): Told => {
  const words = say.documents
  const place = path === undefined || path === '' || message.startsWith(path) ? '' : `${path}: `
  const who = [
    ...(rev === undefined ? [] : [words.revision(rev)]),
    ...(kid === undefined ? [] : [words.kid(kid)]),
  ]
  const what = words.refused([document, ...who].join(', '), code, `${place}${message}`)
  if (ORDERS.includes(document)) return warn([what, words.commandNext], code)
  return (HARMLESS.includes(code) ? warn : fail)([what, words.refusedNext[code]], code)
}

const refused = ofAgent((agent, say) => {
  // Without trust no key is known: that is told once.
  const told = agent.refused.filter(({ code }) => code !== 'UNKNOWN_KEY' || !isWithoutTrust(agent))
  if (agent.refused.length === 0) return [ok(say.documents.noneRefused)]
  return told.map((each) => refusal(each, say))
})

/** What the province asked of this device, and its revisions. */
export const DOCUMENT_CHECKS: readonly Check[] = [
  {
    group: 'trust',
    name: 'held',
    about: 'documents held with their revisions; a schedule is among them',
    explainedBy: ['keys'],
    run: held,
  },
  {
    group: 'trust',
    name: 'schedule',
    about: 'no schedule has ended; warn 3 days before',
    codes: ['EXPIRED_SCHEDULE'],
    explainedBy: ['compared', 'clock'],
    run: schedules,
  },
  { group: 'trust', name: 'refused', about: 'no document was refused', run: refused },
]
