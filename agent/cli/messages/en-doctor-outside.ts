import type { DoctorOutsideWords } from '../../core/doctor/outside-words.ts'
import type { DoctorWords } from '../../core/doctor/words.ts'

type ClockWords = Omit<DoctorWords['clock'], 'synced' | 'held' | 'offset' | 'stale' | 'unset'>

const day = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`

const SET_CLOCK =
  'compare with a watch: date; then: sudo timedatectl set-ntp true; timedatectl timesync-status; or: sudo timedatectl set-time "..."'

export const enDoctorClock: ClockWords = {
  agrees: (source) => `the clock agrees with ${source}`,
  differs: (source, amount, unit, ahead) => [
    `the clock is ${amount} ${unit} ${ahead ? 'ahead of' : 'behind'} ${source}`,
    SET_CLOCK,
  ],
  behindState: (writtenAt) => [
    `the clock is behind: something was written here on ${day(writtenAt)}, which is still to come`,
    SET_CLOCK,
  ],
  ntpOn: 'a time service is switched on and has set the clock',
  ntpOff: ['no time service is switched on', 'sudo timedatectl set-ntp true; then: timedatectl'],
  ntpUnsynced: [
    'the time service has not set the clock yet',
    'is a time server in reach (UDP port 123)? timedatectl timesync-status (or: chronyc sources)',
  ],
  rtc: 'the clock that goes on without power is right',
  noRtc: 'there is no clock that goes on without power: after a cut the time comes from the network',
  rtcOff: (amount, unit) => [
    `the clock that goes on without power is ${amount} ${unit} off`,
    'set it: sudo hwclock --systohc; if it is off again soon, replace its battery',
  ],
}

const RENEW = "have the broker's certificate renewed by the province's authority"

export const enDoctorOutside: DoctorOutsideWords = {
  names: {
    notNeeded: 'no name has to be looked up: brokers and servers are given by their addresses',
    answered: 'a name server answers',
    found: (host) => `${host} resolves`,
    unknown: (host, where) => [
      `the name ${host} does not exist`,
      `is it written right in ${where}? getent hosts ${host}; resolvectl query ${host}; ask the province`,
    ],
  },
  reach: {
    refused: () => 'nobody listens on that port',
    timeout: () => 'no answer in time',
    route: () => 'no way leads there',
    other: (detail) => detail,
  },
  certificate: {
    none: (url) => `${url} is spoken to without TLS`,
    fine: (url, until) => `the certificate of ${url} is valid until ${day(until)}`,
    ends: (url, until) => [`the certificate of ${url} ends on ${day(until)}`, `${RENEW} before that day`],
    expired: (url, until) => [
      `the certificate of ${url} expired on ${day(until)}`,
      `if the clock here is right (date): ${RENEW}`,
    ],
    notYet: (url, from) => [
      `the certificate of ${url} is not valid before ${day(from)}`,
      'most likely the clock here is behind: date; sudo timedatectl set-ntp true; else the certificate was made for later',
    ],
    untrusted: (url, detail) => [
      `the certificate of ${url} is not from an authority in mqtt.ca: ${detail}`,
      "put the file of the province's authority into mqtt.ca; is it the right broker in mqtt.urls?",
    ],
    otherName: (url, detail) => [
      `the certificate of ${url} is for another name: ${detail}`,
      'write a name that stands in it into mqtt.urls, or have it made for this one',
    ],
    noTls: (url) => [
      `${url} does not speak TLS on that port`,
      'mqtts:// needs the TLS listener, usually 8883: correct mqtt.urls',
    ],
    authority: (detail) => [
      `mqtt.ca cannot be used: ${detail}`,
      "put the file of the province's authority there (PEM), then: sudo loa config check",
    ],
  },
}
