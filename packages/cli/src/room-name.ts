import { randomInt } from "node:crypto";

const ADJECTIVES = [
  "amber ample autumn azure birch blue bold brave bright calm cedar clear clever coral cosy crisp dapper deep eager early",
  "easy fair fresh gentle glad golden grand green happy hazel honest ivory jolly keen kind light lively lucky mellow merry",
  "mild misty neat noble olive plain proud quick quiet ready rosy royal ruby sandy silent silver simple sky smooth snowy",
  "soft solar spring steady summer sunny swift tall tender tidy violet warm wild windy wise witty young zesty",
]
  .join(" ")
  .split(" ");
const NOUNS = [
  "badger bay beach bear beaver bell bird boat bridge brook canyon cat cliff cloud coast comet cove crane creek deer",
  "delta dove dune eagle falcon fern field finch fjord forest fox garden goose grove harbour hare hawk heron hill",
  "island jay lake lamp lark leaf lynx maple marsh meadow moon moss mouse oak ocean orchid otter owl panda path pebble",
  "pine planet plum pond quail rabbit rain raven reef river robin rose sail seal shell sparrow star stone storm swan",
  "tiger tree trout tulip valley wave whale willow wolf wren",
]
  .join(" ")
  .split(" ");

/** Three short words to tell meetings apart. Not a secret: that is in the link's fragment. */
export function newRoomName(random: (bound: number) => number = randomInt): string {
  const pick = (words: readonly string[]) => words[random(words.length)] ?? "";
  const [adjective, first] = [pick(ADJECTIVES), pick(NOUNS)];
  return `${adjective}-${first}-${pick(NOUNS.filter((noun) => noun !== first))}`;
}
