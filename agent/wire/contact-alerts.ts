import * as v from 'valibot'
import { event, headline, repeatEverySeconds, severity, sirenMembers } from './alert.ts'
import { about } from './config-scalars.ts'
import { strictContent, volume } from './content.ts'
import { duration, id, integer } from './scalars.ts'
import { list, strictFields } from './shape.ts'

const MAX_CONTACTS = 16
const { someParts, sign } = strictContent

const contactAlert = strictFields({
  input: about(id, 'Id of an emergency contact of the board.'),
  event: about(v.exactOptional(event), 'civil-defence when absent.'),
  severity: about(v.exactOptional(severity), 'extreme when absent.'),
  headline: about(
    v.exactOptional(headline),
    'Text by language; shown on every sign when there is no `sign`.',
  ),
  siren: about(
    v.exactOptional(strictFields(sirenMembers)),
    'The siren of its event when absent and there are no parts.',
  ),
  parts: about(
    v.exactOptional(someParts),
    'What is said after the siren; texts and files are made ready as soon as the agent runs, and kept.',
  ),
  repeatEverySeconds: about(
    v.exactOptional(repeatEverySeconds),
    'From start to start while it is in force; 60 when absent.',
  ),
  forSeconds: about(
    v.exactOptional(duration(86_400)),
    'In force for so long at least, however short the contact was closed; 60 when absent.',
  ),
  maxMinutes: about(
    v.exactOptional(integer(1, 1_440)),
    'In force for so long at most, however long it stays closed; 60 when absent.',
  ),
  volume: about(v.exactOptional(volume), 'Percent; 100 when absent.'),
  sign: about(v.exactOptional(sign), 'Pages; the headline when absent.'),
})

/** What the emergency contacts of a board start. */
export const contactAlerts = list(contactAlert, { max: MAX_CONTACTS, unique: 'input', reportAll: true })
