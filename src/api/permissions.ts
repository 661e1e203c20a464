/**
 * Every Web API permission that a role can name, in alphabetical order: those that `akeneo-endpoints.ts` asks for, no
 * others (a test holds them equal). `…_list` is reading, `…_edit` creating and updating, `…_remove` deleting; none
 * includes another.
 */
export const permissions = [
  'pim_api_asset_edit',
  'pim_api_asset_family_edit',
  'pim_api_asset_family_list',
  'pim_api_asset_list',
  'pim_api_asset_remove',
  'pim_api_association_type_edit',
  'pim_api_association_type_list',
  'pim_api_attribute_edit',
  'pim_api_attribute_group_edit',
  'pim_api_attribute_group_list',
  'pim_api_attribute_list',
  'pim_api_attribute_option_edit',
  'pim_api_attribute_option_list',
  'pim_api_catalog_edit',
  'pim_api_catalog_list',
  'pim_api_catalog_remove',
  'pim_api_category_edit',
  'pim_api_category_list',
  'pim_api_channel_edit',
  'pim_api_channel_list',
  'pim_api_currency_list',
  'pim_api_family_edit',
  'pim_api_family_list',
  'pim_api_family_variant_edit',
  'pim_api_family_variant_list',
  'pim_api_locale_list',
  'pim_api_product_edit',
  'pim_api_product_list',
  'pim_api_product_remove',
  'pim_api_reference_entity_edit',
  'pim_api_reference_entity_list',
  'pim_api_reference_entity_record_edit',
  'pim_api_reference_entity_record_list',
] as const;

/** Name of one Web API permission. */
export type Permission = (typeof permissions)[number];
