const ZONE = 'Asia/Ho_Chi_Minh'

/** `05:00:00` in the time zone of schedules. */
export const clockTime = (at: Date): string => at.toLocaleTimeString('en-GB', { timeZone: ZONE })

/** `05:00:00.012` */
export const exactTime = (at: Date): string =>
  `${clockTime(at)}.${String(at.getMilliseconds()).padStart(3, '0')}`
