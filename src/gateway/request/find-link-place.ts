/**
 * Where in a document a container stands, as far as links are concerned. `plain`: anywhere. `links`: the value of
 * `_links`; `link`: one link in it, or in a `linkList` of it. `values`: the values of a product; `valueList`: those of
 * one attribute; `value`: one of them; `data`: what a person entered, never touched, however deep.
 */
export type LinkPlace = 'plain' | 'links' | 'linkList' | 'link' | 'values' | 'valueList' | 'value' | 'data';

/** Keys that matter; every other one is `other`, and so is the place of an array's item. */
export type LinkKey = '_links' | 'href' | 'values' | 'data' | 'other';

/** The place of a container that begins in `place` under `key`. */
export function findLinkPlace(place: LinkPlace, key: LinkKey, isObject: boolean): LinkPlace {
  switch (place) {
    case 'data':
      return 'data';
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
      return key === 'values' && isObject ? 'values' : 'plain';
  }
}
