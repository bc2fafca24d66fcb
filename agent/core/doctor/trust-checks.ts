import type { Check } from './check.ts'
import { daysUntil, isCutOff, ofAgent, timeOf } from './of-agent.ts'
import { fail, ok, warn } from './told.ts'

const RENEW_KEYS_DAYS = 30

const signatures: Check['run'] = ({ settings }, say) => {
  if (settings === undefined) return []
  return [settings.signatures === 'off' ? fail(say.trust.off, 'SIGNATURES_OFF') : ok(say.trust.required)]
}

const roots: Check['run'] = ({ settings }, say) => {
  if (settings === undefined || settings.signatures === 'off') return []
  const { rootKeys, threshold } = settings
  return [
    rootKeys.length === 0 || rootKeys.length < threshold
      ? fail(say.trust.rootsMissing)
      : ok(say.trust.roots(rootKeys.join(', '), threshold)),
  ]
}

const trust = ofAgent((agent, say) => {
  const { settings, trust: held, refused } = agent
  if (settings.signatures === 'off') return []
  if (held.length === 0) {
    // The refusal says why; without a broker none could come.
    const explained = isCutOff(agent) || refused.some(({ document }) => document.endsWith('/trust'))
    return [explained ? undefined : fail(say.trust.none(settings.area))]
  }
  return held.map(({ document, rev, keys, inDate, ends }) => {
    if (keys > 0 && inDate === 0) return fail(say.trust.noneInDate(document), 'EXPIRED')
    if (ends !== undefined && daysUntil(agent, ends) < RENEW_KEYS_DAYS)
      return warn(say.trust.ends(document, timeOf(agent, ends)))
    return ok(say.trust.held(document, rev, inDate, keys))
  })
})

/** Who may speak here. */
export const TRUST_CHECKS: readonly Check[] = [
  {
    group: 'trust',
    name: 'signatures',
    about: 'signatures are required',
    codes: ['SIGNATURES_OFF'],
    run: signatures,
  },
  { group: 'trust', name: 'root-keys', about: 'there are as many root keys as trust needs', run: roots },
  {
    group: 'trust',
    name: 'keys',
    about: 'a trust document is held, with keys in date; warn 30 days before one ends',
    explainedBy: ['root-keys'],
    run: trust,
  },
]
