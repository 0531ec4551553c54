import { pathToFileURL } from 'node:url'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import type { Application } from '../../src/runtime/application.ts'
import { sharedRuntime } from '../../src/runtime/runtime-traits.ts'
import { bundleProgram } from './bundle-program.ts'
import { codeBlocksOf, fileOf } from './code-blocks.ts'

it('docs/openapi.md serves valid OpenAPI 3.1, with bodies, answers and problems', async () => {
  const app = await programOf('docs/openapi.md')
  const request = new Request('https://shop.test/openapi.json')
  const response = await app.handle(request, { env: {}, waitUntil: () => {} }, sharedRuntime)
  const document = (await response.json()) as { paths: Record<string, Record<string, unknown>> }
  const { valid, errors } = await new Validator().validate(document)
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  const refused = await new Validator().validate({ ...document, paths: { products: {} } })
  expect(refused.valid).toBe(false)
  expect(document.paths['/products']?.['post']).toMatchObject({
    requestBody: { content: { 'application/json': { schema: { required: ['id', 'stock'] } } } },
    responses: { 201: expect.anything(), 422: { content: { 'application/problem+json': expect.anything() } } },
  })
})

/** The application that a page's program exports. */
async function programOf(page: string): Promise<Application> {
  const blocks = codeBlocksOf(page).filter((block) => block.language === 'ts' && fileOf(block) === undefined)
  const file = await bundleProgram(blocks.map(({ code }) => code).join('\n'), 'openapi-program')
  // The page's program exports it.
  const { app } = (await import(pathToFileURL(file).href)) as { app: Application }
  return app
}
