import { Ear } from './ear.ts'
import { Probe } from './probe.ts'

export const CHIP = '9030000.pl061'
/** The third one is the power key of the machine. */
export const LINES = { alarm: 1, mains: 2, relay: 5, feedback: 6 } as const
/** Modules of the kernel for the cards of these boards. */
export const SOUND_MODULES = ['snd-hda-codec-generic', 'snd-hda-intel', 'snd-aloop']
export const SOUND_CARD = 'plughw:CARD=Intel,DEV=0'

/** What is wired to a board: GPIO that is noted and can be touched, a sound card with an ear, a sign, and a hand at a shell. */
export const peripherals = (at: (name: string) => string): readonly string[] =>
  // biome-ignore format: one option and its value a group
  [
    '-trace', 'pl061_reset', '-trace', 'pl061_set_output', '-msg', 'timestamp=on',
    ...Probe.device(at('probe')),
    '-audiodev', Ear.device('ear', at('heard.wav')),
    '-device', 'intel-hda', '-device', 'hda-output,audiodev=ear,mixer=off',
    '-chardev', `socket,id=sign,path=${at('sign')},server=on,wait=off`,
    '-chardev', `socket,id=hand,path=${at('hand')},server=on,wait=off`,
    '-device', 'pci-serial-2x,chardev1=sign,chardev2=hand',
  ]
