import { section, setting, type SectionValue } from 'lexigram-edge'

/** Read from `LEX_CATALOG__STORE` and `LEX_CATALOG__PAGE_SIZE`. */
export const CatalogConfig = section(
  'catalog',
  setting.object({
    store: setting.withDefault(setting.oneOf(['sql', 'documents'], { description: 'What keeps the products.' }), 'sql'),
    pageSize: setting.withDefault(setting.int({ min: 1, max: 100, description: 'Most products in one list.' }), 20),
  }),
)
export type CatalogConfig = SectionValue<typeof CatalogConfig>
