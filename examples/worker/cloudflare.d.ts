/** The part of the runtime's module that this example uses. */
declare module 'cloudflare:workers' {
  export const env: { readonly DOCUMENTS?: { fetch(url: string, init?: RequestInit): Promise<Response> } }
  export function waitUntil(work: Promise<unknown>): void
}
