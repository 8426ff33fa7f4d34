/** In the client's bundle this stands for the façade's own: no call has a quick road. */
export const quickPacket = (..._given: unknown[]): undefined => undefined;
export const quickParts = quickPacket;
export const quickToken = quickPacket;

export const learnPacket = (_options: unknown): void => {};
export const learnParts = learnPacket;
export const learnToken = learnPacket;
