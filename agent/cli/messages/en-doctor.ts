import { type Code, REASONS, REFUSALS } from '../../core/codes.ts'
import type { DoctorWords } from '../../core/doctor/words.ts'
import { enDoctorDevice } from './en-doctor-device.ts'
import { enDoctorClock, enDoctorOutside } from './en-doctor-outside.ts'
import { enDoctorUnit } from './en-doctor-unit.ts'
import { enDoctorLink } from './en-links.ts'
import { enDoctorPlace } from './en-place.ts'
import { enDoctorUpdate } from './en-update.ts'

const MEANINGS: Readonly<Record<string, string>> = { ...REASONS, ...REFUSALS }

const ARMING: Readonly<Partial<Record<Code, string>>> = {
  NO_MEDIA:
    'see how far they are: loa media; is the content server in reach and its origin in content.allow?',
  BAD_MEDIA: 'have the file encoded and published again by the province; which one: loa media',
  STREAM: 'open its first URL in a player; is its origin in content.allow? The other URLs are still tried',
  DECODER: 'reinstall the decoder: sudo apt install --reinstall ffmpeg espeak-ng',
  POLICY: "compare the item's amplifiers and signs with: loa status",
}

const PUBLISH_HIGHER = 'have it published with a higher revision (rev) than the one held'

export const enDoctor: DoctorWords = {
  ...enDoctorDevice,
  ...enDoctorUnit,
  ...enDoctorOutside,
  place: enDoctorPlace,
  update: enDoctorUpdate,
  trust: {
    required: 'signatures are required',
    off: [
      'signatures are OFF: whoever reaches the broker can speak here',
      'set security.signatures: required and rootKeys in agent.yaml, then restart the agent',
    ],
    roots: (kids, threshold) => `root keys ${kids}; a trust document needs ${threshold} of them`,
    rootsMissing: [
      'there are fewer root keys than a trust document needs',
      'take them from the province into security.rootKeys, then: sudo loa config check',
    ],
    held: (document, rev, inDate, keys) => `${document}, revision ${rev}: ${inDate} of ${keys} keys in date`,
    none: (area) => [
      `no trust document is held for ${area}: nothing that is signed can be accepted`,
      "have the province publish it, signed by the root keys of this device's agent.yaml",
    ],
    noneInDate: (document) => [
      `${document}: no key of it is in date`,
      'if the clock is right (date), have the province publish trust with new keys',
    ],
    ends: (document, date) => [
      `${document}: a key ends on ${date}`,
      'ask the province for a trust document with its successor before that day',
    ],
  },
  documents: {
    held: (list) => `documents held: ${list}`,
    none: (area) => [
      `no schedule is held for ${area}: nothing will be played`,
      'is one published for this place? compare device.province and commune with its area; loa schedule',
    ],
    scheduleOpen: (document) => `${document} has no end`,
    scheduleFine: (document, date) => `${document} holds until ${date}`,
    scheduleEnds: (document, date) => [
      `${document} ends on ${date}`,
      'have the province publish the next one before that day',
    ],
    scheduleEnded: (document, date) => [
      `${document} ended on ${date}: nothing of it is played`,
      'have the province publish a new one; if the date here is wrong: timedatectl',
    ],
    noneRefused: 'no document is refused',
    refused: (document, code, detail) => `refused ${document}: ${code} - ${detail}`,
    kid: (kid) => `key ${kid}`,
    revision: (rev) => `revision ${rev}`,
    refusedNext: {
      BAD_SIGNATURE: 'have it signed again by a key of the province; try it here: loa verify FILE',
      UNKNOWN_KEY: 'have the trust document of the area published with this key; compare security.rootKeys',
      OUT_OF_SCOPE: 'have it signed by a key for this area, kind and class, or the grant in trust widened',
      OLD_REVISION: `${PUBLISH_HIGHER}, if it is newer; else nothing`,
      REV_CONFLICT: `two publishers, or a changed text: ${PUBLISH_HIGHER}`,
      REV_JUMP: 'have rev counted up by at most 100,000,000: a counter or Unix seconds, not milliseconds',
      EXPIRED: 'compare exp, iat and the dates of the key with: date; then have it published again',
      REPLAYED: 'have it sent again with a new id',
      WRONG_DEVICE: 'compare its area or device with the topic and with device: in agent.yaml',
      WRONG_BOOT: 'have it sent again with the boot of the present up/state',
      INVALID: 'have that place corrected and published with a higher revision; try it: loa verify FILE',
      TOO_LARGE: 'have it divided or shortened: at most 1,000,000 bytes',
      TOO_MANY: 'have fewer sent a minute',
    },
    commandNext: 'nothing to repair here: have the province correct and send it again',
    fresh: 'no document is held back',
    stale: (detail) => [
      `documents may be held back by the broker: ${detail}`,
      'is the province publishing, and to every broker of mqtt.urls? loa log --since 2d names the topic',
    ],
  },
  clock: {
    synced: (offsetMs) => `the clock is synchronised, ${offsetMs} ms off`,
    held: 'the clock goes on by itself; it is not synchronised now',
    offset: (offsetMs) => [
      `the clock is ${offsetMs} ms off`,
      'look at the time server: timedatectl timesync-status (or: chronyc tracking)',
    ],
    stale: [
      'the clock has not been synchronised for seven days',
      'is a time server in reach? timedatectl timesync-status; sudo systemctl restart systemd-timesyncd',
    ],
    unset: [
      'the time is not known: nothing scheduled plays',
      'connect a time server: timedatectl set-ntp true; or set it: sudo timedatectl set-time "..."',
    ],
    ...enDoctorClock,
  },
  broker: {
    connected: (url) => `connected with ${url}`,
    reached: (url) => `${url} takes connections`,
    unreached: (url, why) => `${url} cannot be reached: ${why}`,
    down: (detail) => `no broker is connected: ${detail}`,
    downNext: {
      name: (host) => `does its name resolve? getent hosts ${host}; resolvectl status; mqtt.urls`,
      refused: (host, port) =>
        `does the broker run and listen there? timeout 3 bash -c '</dev/tcp/${host}/${port}' && echo open`,
      route: (host) => `is the network up? ip route; ping -c 3 ${host}; SIM, cable, firewall`,
      timeout: (host, port) =>
        `is the port open for us? ping -c 3 ${host}; a firewall on the way to ${port}; does the broker hang?`,
      access: () =>
        'compare device.id, mqtt.username and the password file with what the broker knows; ask the province',
      tls: (host, port) =>
        `look at both certificates: openssl s_client -connect ${host}:${port} </dev/null; docs/operations.md`,
      other: (host, port) =>
        `try it: timeout 3 bash -c '</dev/tcp/${host}/${port}' && echo open; journalctl -u loa-agent -n 50`,
    },
    taken: (detail) => [
      `another client comes with the id of this device: ${detail}`,
      'find the copied card or replaced device; else have the certificate barred and made anew',
    ],
    alone: 'nobody else uses the id of this device',
    subscribed: 'the broker lets this device listen to all its topics',
    unsubscribed: (topics) => [
      `the broker does not let this device listen to ${topics}`,
      'have the province correct the rights of this device there (ACL, see docs/examples/mosquitto/acl)',
    ],
  },
  link: enDoctorLink,
  credentials: {
    fine: 'certificates, keys and passwords are as they should be',
    fault: (fault) => [fault, 'do what it says (right is root:loa, mode 0640), then: sudo loa config check'],
    notEnrolled: [
      'this device has no certificate yet: the brokers do not let it in',
      'with a one-time code of the province: sudo loa setup --enrol; without: have it sign /etc/loa/tls/device.csr',
    ],
  },
  outbox: {
    empty: 'every record is acknowledged',
    waiting: (count) => `${count} records are on their way`,
    old: (count, hours) => [
      `${count} records are not acknowledged, the oldest for ${hours} hours`,
      "does the province's record server run and answer on down/acked? They are kept and sent again",
    ],
  },
  content: {
    allowed: (list) => `files may come from ${list}`,
    nothingAllowed: [
      'content.allow is empty: no file and no stream can be fetched',
      'put the origin of the content server there, then: sudo systemctl restart loa-agent',
    ],
    reached: (origin) => `content server ${origin} answers`,
    unreached: (origin, why) => [
      `content server ${origin} cannot be reached: ${why}`,
      `try it: curl -sI --max-time 5 ${origin}; is content.allow right, does the server run? Ask the province`,
    ],
    distrusted: (origin, detail) => [
      `content server ${origin} cannot be trusted: ${detail}`,
      `look at its certificate: curl -vI --max-time 5 ${origin}; have the province correct it`,
    ],
  },
  media: {
    armed: (count) => `the next items are armed (${count})`,
    nothingPlanned: 'nothing is planned next',
    notArmed: (item, at, code) => `${item}, due ${at}, is not armed: ${code}`,
    notArmedNext: (code) => ARMING[code] ?? 'see why: loa schedule; loa log --since 1d',
    missing: (sha256, state) => `file ${sha256} ${state}`,
    notAskedYet: (item, at) => `${item}, due ${at}: its stream is asked from an hour ahead`,
    waits: (item, at) => `${item}, due ${at}: its files wait to save data, and will be here in time`,
    files: (present, wanted) =>
      wanted === 0 ? 'no file is wanted' : `${present} of ${wanted} files that are wanted are here`,
    bad: (files) => [
      `files do not decode or are not what was announced: ${files}`,
      'have them encoded and published again by the province; which ones: loa media',
    ],
  },
  sound: {
    device: 'no fault of the sound device is known (hear it: loa play --tone 440 --volume 20)',
    deviceLost: (detail) => [
      `the sound device cannot be used: ${detail}`,
      'card plugged, overlay in config.txt, nobody else using it? aplay -L; loa board check NAME',
    ],
    noUnderruns: 'no underruns',
    underruns: (count) => [
      `${count} underruns since the start: the card was not fed in time`,
      'look at the load: top; raise audio.bufferMs in the board file',
    ],
    amplifier: (id, state) => `amplifier ${id}: ${state}`,
    stuck: (id, detail) => [
      `amplifier ${id} is stuck: ${detail}`,
      `listen: loa amp on ${id} --seconds 2; then relay, contact, wiring, activeLow`,
    ],
    heard: (programmes, percent) =>
      programmes === 0
        ? 'nothing was played yet that could be heard (try it: loa hear)'
        : `of the last ${programmes} programmes ${percent} % was heard`,
    deaf: (detail) => [
      `what is played cannot be heard: ${detail}`,
      'microphone plugged, audio.capture of the board file right? arecord -L; then: loa hear',
    ],
    notHeard: (detail) => [
      `programmes were played and not heard: ${detail}`,
      'stand under the horn: loa hear; then fuse, amplifier, its volume, horn cable; is the microphone where it was?',
    ],
    sign: {
      waiting: (id) => `sign ${id} works; what it should show has not been given to it yet`,
      sent: (id) => `sign ${id}: everything was sent; its line never answers, so look at it`,
      acknowledged: (id) => `sign ${id} answers and has taken what it should show`,
      'read-back': (id) => `sign ${id} answers, and shows what it should`,
    },
    signLost: (id, detail) => [
      `sign ${id} cannot be reached: ${detail}`,
      'plug it in, see ls -l /dev/serial/by-id, correct port in the board file',
    ],
    looseAdapter: (id, name, losses) => [
      `${id}: ${name} was plugged out ${losses} times since the agent started`,
      'look at plug, cable and supply of the hub; a longer look: loa log --since 7d',
    ],
    steadyAdapters: 'sound card and adapters stay plugged in',
    line: (id, percent) =>
      percent === ''
        ? `loudspeaker line of ${id}: ok`
        : `loudspeaker line of ${id}: ok, ${percent} % of the learned load`,
    lineLearning: (id) => `loudspeaker line of ${id}: its load is learned from the next half minute of sound`,
    lineSuspect: (detail) => [
      `a loudspeaker line may be interrupted or short-circuited: ${detail}`,
      'listen at each horn, look at plugs, joints and cable; when it is meant to be so: loa amp learn ID',
    ],
    audible: 'not muted',
    muted: ['MUTED: no sound at all, alerts neither', 'lift it: loa amp unmute'],
    quiet: (until) => `quiet hours until ${until}: nothing but alerts sounds`,
  },
  other: (code, detail) => [
    `${code} - ${MEANINGS[code] ?? code}${detail === '' ? '' : `: ${detail}`}`,
    'see: loa log --since 1d, and docs/operations.md',
  ],
}
