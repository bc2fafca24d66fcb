import type { ScheduleDocument, ScheduleItem } from '../../../agent/core/documents.ts'
import { type DeviceScope, type Item, itemsOf } from '../../../agent/core/schedule/item.ts'
import { createZone } from '../../../agent/core/schedule/zone.ts'
import { epochMs } from '../../../agent/core/time.ts'

export const at = (iso: string) => epochMs(Date.parse(iso))
export const iso = (ms: number) => new Date(ms).toISOString()
export const hanoi = createZone('Asia/Ho_Chi_Minh')
export const device: DeviceScope = { id: 'd-1', groups: ['cho-moi'], languages: ['vi', 'crw'] }

export const schedule = (
  items: readonly ScheduleItem[],
  more: Partial<ScheduleDocument> = {},
): ScheduleDocument => ({
  kind: 'schedule',
  v: 1,
  area: '75/26068',
  rev: 42,
  iat: '2026-11-22T03:00:00+07:00',
  ...more,
  items,
})

export const itemsFrom = (
  items: readonly ScheduleItem[],
  more: Partial<ScheduleDocument> = {},
): readonly Item[] => itemsOf(schedule(items, more), device)

export const item = (more: Partial<ScheduleItem> = {}, document: Partial<ScheduleDocument> = {}): Item => {
  const [made] = itemsFrom(
    [{ id: 'a', when: { times: ['05:00:00'] }, parts: [{ pause: 10 }], ...more }],
    document,
  )
  if (made === undefined) throw new Error('the item is not for this device')
  return made
}
