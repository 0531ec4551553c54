/** An event that no `Request` can be made of; the client gets a 400 with this message. */
export class MalformedEvent extends Error {}
