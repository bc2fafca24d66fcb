/** Checks that are judged where they are seen: the command reads files and devices, and has the words for them. */
export type BoardCheck =
  | 'board'
  | 'model'
  | 'card'
  | 'microphone'
  | 'chips'
  | 'relay-lines'
  | 'power-on'
  | 'contact-lines'
  | 'ports'
  | 'usb-power'
export type SeenCheck = 'agent' | 'configuration' | BoardCheck
