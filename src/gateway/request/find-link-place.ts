/**
 * Where in a document a container stands, as far as links and the items of a page are concerned. `plain`: anywhere.
 * `outside`: around the document; `page`: the outermost object; `embedded`: its `_embedded`; `items`: the list of items
 * in there. `links`: the value of `_links`; `link`: one link in it, or in a `linkList` of it. `values`: the values of a
 * product; `valueList`: those of one attribute; `value`: one of them; `data`: what a person entered, never touched,
 * however deep.
 */
export type LinkPlace =
  | 'plain'
  | 'outside'
  | 'page'
  | 'embedded'
  | 'items'
  | 'links'
  | 'linkList'
  | 'link'
  | 'values'
  | 'valueList'
  | 'value'
  | 'data';

/** Keys that matter; every other one is `other`, and so is the place of an array's item. */
export type LinkKey = '_links' | 'href' | 'values' | 'data' | '_embedded' | 'items' | 'other';

/** The place of a container that begins in `place` under `key`. */
export function findLinkPlace(place: LinkPlace, key: LinkKey, isObject: boolean): LinkPlace {
  switch (place) {
    case 'data':
      return 'data';
    case 'outside':
      return isObject ? 'page' : 'plain';
    case 'links':
      return isObject ? 'link' : 'linkList';
    case 'linkList':
      return isObject ? 'link' : 'plain';
    case 'valueList':
      return isObject ? 'value' : 'data';
    case 'values':
      if (!isObject) return 'valueList';
      return key === '_links' ? 'links' : 'plain';
    default:
      if (key === 'data' && place === 'value') return 'data';
      if (key === '_links' && isObject) return 'links';
      if (key === '_embedded' && place === 'page' && isObject) return 'embedded';
      if (key === 'items' && place === 'embedded' && !isObject) return 'items';
      return key === 'values' && isObject ? 'values' : 'plain';
  }
}
