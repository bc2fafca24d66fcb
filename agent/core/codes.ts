/** Why a record is not `completed`, and what heartbeats list as problems (contract, section 6). */
export const REASONS = {
  NO_MEDIA: 'a file the item needs is not on this device',
  BAD_MEDIA: 'a file does not decode, or is not what its document declares',
  NO_CLOCK: 'the time was not known when the item was due',
  LATE: 'the item could not start in its window',
  LIMIT: 'maxSeconds was reached',
  STOPPED: 'stopped by an order or by an orderly stop of the agent',
  EXPIRED_SCHEDULE: 'the schedule had expired',
  QUIET_HOURS: 'quiet hours',
  POLICY: 'the policy of this device excludes the item',
  PREEMPTED: 'cut by an item of a higher class',
  CANCELLED: 'withdrawn by a later document',
  MUTED: 'the device is muted',
  POWER_LOST: 'the power failed while it played',
  CRASHED: 'the agent or its playout process died while it played',
  AUDIO_DEVICE: 'the sound device is missing or failed',
  AMPLIFIER: 'the amplifier relay could not be driven',
  AMPLIFIER_STUCK: 'the read-back contact of an amplifier disagrees with its relay',
  DECODER: 'the decoder could not be run',
  STREAM: 'no URL of the stream answers',
  SIGN: 'a sign cannot be reached, or cannot show a page as it was meant',
  DISK_FULL: 'the disk is full',
  DATABASE: 'a database was made anew',
  BROKER: 'no broker is connected',
  CONTROL_STALE: 'documents may be held back by the broker',
  CLOCK_STEP: 'the clock jumped',
  CLOCK_UNSYNCED: 'the clock has not been synchronised for seven days',
  SIGNATURES_OFF: 'signatures are switched off',
  MAINS_LOST: 'mains power was lost',
  MAINS_BACK: 'mains power is back',
  TAMPER: 'the tamper contact opened',
  DOOR: 'a door is open',
  EXTERNAL_FAULT: 'equipment beside this device reports a fault by its contact',
  EMERGENCY_CONTACT:
    'an emergency contact was closed, opened, locked, or refused because its key switch is not turned; or it stays closed',
  CONTACT: 'a contact cannot be read, or trembles',
  ADAPTER:
    'a sound card or serial adapter that the board file names was plugged out or in, or its USB socket was switched off and on',
  TEMPERATURE: 'the board is too hot',
  UNDERVOLTAGE: 'the supply voltage is too low',
  BATTERY: 'the battery is nearly empty',
  FAN: 'the fan stands still',
  STORAGE: 'the memory card or its file system has faults, or is near the end of its life',
  OVERLOAD: 'memory or processor have been short for some time',
  SENSOR: 'a sensor cannot be read, or says what cannot be',
  SPEAKER_LINE:
    'the loudspeaker line of an amplifier takes far less or far more current than was learned: open or short-circuited',
  SESSION_TAKEN: 'another client uses the id of this device',
  BEARER: 'the device reaches out over another link',
  MODEM: 'the modem cannot be used, or ModemManager does not answer',
  DNS: 'no name server answers',
  CAPTIVE_PORTAL: 'a login page of the network stands in the way',
  NO_INTERNET: 'the network is there, but nothing outside answers',
  DATA_BUDGET: 'most of the monthly data of the mobile link is used',
  CREDENTIALS:
    'a key or password is open to others, a certificate is missing or about to end, or a new one was taken or refused',
  GAP: 'records that are no longer kept',
  CAPTURE: 'the device that hears the loudspeakers is missing or failed',
  NOT_HEARD:
    'several programmes in a row were played, and next to nothing of them was heard: the speakers may be silent',
  SAFE_MODE:
    'the agent died five times while it started or soon after, and leaves the failing part off for ten minutes',
  MOVED: 'the device stands in another commune or province, or a former place is obeyed no more',
  SELFTEST: 'a commissioning run ended: what it found is in its data',
  UPDATE: 'a release of this program is on trial, was taken, refused, or gone back from: its data says which',
  BUSY: 'something plays or is about to: the self-test comes later',
  UNSUPPORTED: 'this machine or release cannot do that',
} as const

/** Why a document or a command was refused (contract, section 6). */
export const REFUSALS = {
  BAD_SIGNATURE: 'the signature does not verify, or the envelope is not exactly as the contract says',
  UNKNOWN_KEY: 'the signing key is in no accepted trust document',
  OUT_OF_SCOPE: 'the key may not sign this area, kind or class',
  OLD_REVISION: 'the revision is lower than the one held, or than a floor',
  REV_CONFLICT: 'the revision is held already, with another content',
  REV_JUMP: 'the revision is more than 100,000,000 above the one held',
  EXPIRED: 'outside the dates of the document or of its key',
  REPLAYED: 'the command was seen before in this boot',
  WRONG_DEVICE: 'the document is for another device or area',
  WRONG_BOOT: 'the command was made for another boot of this device',
  INVALID: 'the document breaks the schema',
  TOO_LARGE: 'over the size limit',
  TOO_MANY: 'more commands than are taken in a minute',
} as const

export type ReasonCode = keyof typeof REASONS
export type RefusalCode = keyof typeof REFUSALS
export type Code = ReasonCode | RefusalCode

/** Whether a code may be sent upstream. */
export const isCode = (code: string): code is Code =>
  Object.hasOwn(REASONS, code) || Object.hasOwn(REFUSALS, code)

/** Faults of configuration, arguments and the local machine: never sent upstream. */
export const LOCAL_FAULTS = {
  CONFIG: 'a configuration or board file is not valid',
  USAGE: 'the command line is wrong',
  NOT_RUNNING: 'the agent is not running',
  NOT_ANSWERING: 'the agent holds its control socket but does not answer',
  NO_ACCESS: 'the agent may only be asked by members of its group',
  NOT_ADMIN: 'only members of loa-admin may act on this device',
  IO: 'an operating system call failed',
} as const

export type LocalFault = keyof typeof LOCAL_FAULTS
export type FaultCode = Code | LocalFault
