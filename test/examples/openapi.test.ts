import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../examples/app/openapi.ts'
import { routes } from '../../examples/app/routes.ts'
import { root } from '../../tools/commands/steps.ts'

describe('the OpenAPI document of the example', () => {
  it('is what openapi.ts makes of the routes', async () => {
    const json = `${JSON.stringify(await openApiDocument(), null, 2)}\n`
    await expect(json).toMatchFileSnapshot(`${root}/examples/app/openapi.json`)
  })

  it('is valid OpenAPI', async () => {
    const { valid, errors } = await new Validator().validate(await openApiDocument())
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
  })

  it('is served', async () => {
    const response = await routes.request('/openapi.json')
    expect(await response.json()).toEqual(await openApiDocument())
  })
})
