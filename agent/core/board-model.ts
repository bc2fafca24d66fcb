/**
 * True when a board file made for `models` fits the machine that calls itself `model`. The device tree adds a revision
 * ("Raspberry Pi 4 Model B Rev 1.5"), which may follow; any other word
 * behind the name makes another board ("Raspberry Pi 3 Model B Plus"). No models: any machine.
 */
export const fitsModel = (models: readonly string[], model: string | undefined): boolean =>
  models.length === 0 ||
  (model !== undefined && models.some((listed) => model === listed || model.startsWith(`${listed} Rev `)))
