const FIRST =
  "amber autumn brave bright calm clear cobalt copper coral crisp early eager fern gentle glad golden green hazel honest indigo ivory jade kind lively lucky lunar maple mellow merry misty noble olive opal polar proud quiet rapid ruby sage silver slow solar spring still summer sunny swift tidal velvet warm wild winter".split(
    " ",
  );
const SECOND =
  "alder badger beaver birch bison cedar clover comet crane curlew dolphin eagle falcon finch fox gecko glacier heron ibis island juniper kestrel lark linden lotus lynx marten meadow moss osprey otter owl panda pebble pine plover puffin quail raven reed robin salmon seal sparrow spruce stork swallow tiger trout walnut willow wren".split(
    " ",
  );
const THIRD =
  "anchor arch bay beacon bell bridge brook canal cape castle cliff coast compass cove creek dale delta dune ferry field fjord ford forge garden gate grove harbor haven hill inlet isle kiln lagoon lake lane lantern ledge loft mill orchard pass path pier plain pond port reef ridge river shore spire station tower valley well wharf window".split(
    " ",
  );

/** Three words that can be said over a telephone. Not a secret: that stands behind the `#` of the link. */
export function newRoomName(random: () => number = Math.random): string {
  return [FIRST, SECOND, THIRD].map((words) => words[Math.floor(random() * words.length)]).join("-");
}
