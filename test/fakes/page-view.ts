import type { PageView } from '../../agent/core/page-view.ts'
import type { EventRecord, PlaybackRecord } from '../../agent/core/records.ts'
import { type AgentChange, agentSays, wellFacts } from './doctor-facts.ts'

export const playedToday: PlaybackRecord = {
  n: 1,
  prev: '0'.repeat(64),
  hash: 'a'.repeat(64),
  item: 'ban-tin-sang',
  document: '75/26068/schedule',
  rev: 42,
  class: 'normal',
  tier: 'commune',
  planned: '2026-11-22T22:00:00.000Z',
  playedSeconds: 299.6,
  clock: 'synced',
  result: 'completed',
  volume: 70,
  underruns: 0,
  frames: 1,
}

export const happenedToday: EventRecord = {
  n: 2,
  prev: 'a'.repeat(64),
  hash: 'b'.repeat(64),
  at: '2026-11-22T21:00:00.000Z',
  code: 'MAINS_LOST',
  severity: 'warning',
  data: {},
}

/** A page of a device with which nothing is wrong, but for what is told of its agent. */
export const viewOf = (change: AgentChange = {}, more: Partial<PageView> = {}): PageView => ({
  facts: { ...wellFacts, ...agentSays(change), agent: agentSays(change).agent ?? wellFacts.agent },
  signs: [],
  records: [],
  recordsCut: false,
  ...more,
})
