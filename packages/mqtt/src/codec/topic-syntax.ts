/** Whether messages can be published to `topic`: not empty, no wildcards, no U+0000. */
export function isTopicName(topic: string): boolean {
  return topic.length > 0 && !/[+#\0]/.test(topic);
}

/**
 * Whether `filter` can be subscribed to: `+` fills a level, `#` is the last level, and a shared subscription
 * (`$share/NAME/FILTER`) has a name without wildcards and a filter.
 */
export function isTopicFilter(filter: string): boolean {
  if (filter.startsWith("$share/")) {
    const shared = /^\$share\/[^/+#\0]+\/(.+)$/s.exec(filter);
    return shared?.[1] !== undefined && isTopicFilter(shared[1]);
  }
  return filter.length > 0 && !filter.includes("\0") && !/[^/]\+|\+[^/]|[^/]#|#./s.test(filter);
}

/** Whether a message published to `topic` is for `filter`. Wildcards in the first level do not match `$` topics. */
export function topicMatches(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (const [index, level] of wanted.entries()) {
    if (level === "#") return true;
    if (index >= levels.length || (level !== "+" && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}
