export type LocalTime = {
  readonly date: string
  readonly time: string /** 0: Sunday. */
  readonly weekday: number
}

const pad = (value: number): string => String(value).padStart(2, '0')

/** Zones with one offset and no summer time since 1975; to make a formatter takes longer than all the rest of a short answer. */
const FIXED_HOURS: Readonly<Record<string, number>> = { 'Asia/Ho_Chi_Minh': 7 }

const formatters = new Map<string, Intl.DateTimeFormat>()

const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const held = formatters.get(zone)
  if (held !== undefined) return held
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formatters.set(zone, made)
  return made
}

const YEAR_10000 = Date.UTC(10_000, 0)

/**
 * `toISOString` of an instant, field by field: that of V8 looks up the time zone of the machine first, which on a card that
 * was not read yet takes 20 ms. @throws RangeError like it
 */
export const isoText = (at: number): string => {
  const date = new Date(at)
  if (!(at >= 0 && at < YEAR_10000)) return date.toISOString()
  const day = [date.getUTCFullYear(), pad(date.getUTCMonth() + 1), pad(date.getUTCDate())].join('-')
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(pad).join(':')
  return `${day}T${time}.${String(date.getUTCMilliseconds()).padStart(3, '0')}Z`
}

/** An instant as the clock on the wall of `zone` shows it: `YYYY-MM-DD` and `HH:MM:SS`. */
export const localTime = (iso: string, zone: string): LocalTime => {
  const hours = FIXED_HOURS[zone]
  const [date = '', time = ''] =
    hours === undefined
      ? formatterOf(zone).format(new Date(iso)).split(' ')
      : isoText(Date.parse(iso) + hours * 3_600_000)
          .slice(0, 19)
          .split('T')
  return { date, time, weekday: new Date(`${date}T00:00:00Z`).getUTCDay() }
}

/** A length as `M:SS` or `H:MM:SS`. */
export const clockSpan = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  return whole < 3600
    ? `${minutes}:${pad(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`
}

export type SpanUnits = Readonly<Record<'d' | 'h' | 'm' | 's', string>>

/** A long time in its two largest units: `3d 4h`, `4h 5m`, `5m 6s`. */
export const roughSpan = (seconds: number, names: SpanUnits): string => {
  const units = [
    [86_400, names.d],
    [3600, names.h],
    [60, names.m],
    [1, names.s],
  ] as const
  let left = Math.max(0, Math.floor(seconds))
  const parts = units.map(([size, name]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return { count, text: `${count}${name}` }
  })
  const first = parts.findIndex((part) => part.count > 0)
  if (first === -1) return `0${names.s}`
  return parts
    .slice(first, first + 2)
    .map((part) => part.text)
    .join(' ')
}
