import { describe, expect, test } from 'vitest'
import { CHECK_GROUPS } from '../../../agent/core/doctor/check.ts'
import { CHECKS } from '../../../agent/core/doctor/diagnose.ts'

describe('the table of checks', () => {
  test('has at least 40, each with a name of its own, a group, and words of what it looks at', () => {
    const names = CHECKS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(40)
    expect(new Set(CHECKS.map(({ group }) => group))).toEqual(new Set(CHECK_GROUPS))
    expect(CHECKS.filter(({ about }) => about.length < 10)).toEqual([])
  })

  test('names causes that there are, and nothing that is its own cause in the end', () => {
    const causesOf = new Map(CHECKS.map(({ name, explainedBy = [] }) => [name, explainedBy]))
    const reaches = (from: string, to: string, seen: readonly string[] = []): boolean =>
      (causesOf.get(from) ?? []).some(
        (cause) => cause === to || (!seen.includes(cause) && reaches(cause, to, [...seen, cause])),
      )
    for (const { name, explainedBy = [] } of CHECKS) {
      for (const cause of explainedBy) expect(causesOf.has(cause), `${name}: ${cause}`).toBe(true)
      expect(reaches(name, name), name).toBe(false)
    }
  })
})
