import { obeyedAreas } from '../core/place.ts'
import type { EventBody } from '../core/records.ts'
import type { DocumentCodec } from '../ports/document-codec.ts'
import { DocumentIntake } from '../services/document-intake.ts'
import { ownDocuments } from '../services/own-documents.ts'
import { Refusals } from '../services/refusals.ts'
import { StalenessWatch } from '../services/staleness-watch.ts'
import type { TimeKeeper } from '../services/time-keeper.ts'
import { claimedRevision, parseDocument } from '../wire/documents.ts'
import { openEnvelope } from '../wire/envelope.ts'
import type { Ground } from './ground.ts'

/** Which documents are in force, and what tells that one may be held back. */
export function assembleDocuments(
  { config, places, logger, clock, state, crypto }: Ground,
  time: TimeKeeper,
  emit: (event: EventBody) => void,
  onChange: (kind: string) => void,
) {
  const { signatures, rootKeys, threshold } = config.security
  const refusals = new Refusals(clock, emit)
  const codec: DocumentCodec = {
    open: (kind, message) => openEnvelope(kind, message, { signatures }),
    parse: parseDocument,
    claimedRevision,
  }
  const intake = new DocumentIntake({
    codec,
    crypto,
    store: ownDocuments(state.documents, places.memory.home, places.present.province),
    clock,
    time,
    refusals,
    logger,
    signatures,
    rootKeys,
    threshold,
    places,
    onChange,
  })
  const staleness = new StalenessWatch({
    clock,
    time,
    facts: state.facts,
    documents: intake,
    obeyed: () => obeyedAreas(places.standing),
    emit,
  })
  return { refusals, codec, intake, staleness }
}
