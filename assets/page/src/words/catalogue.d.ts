// The build answers this import with the texts that the page's sources name.
declare module "catalogue" {
  type Text = string | { one: string; other: string };
  const texts: { "zh-Hant": Record<string, Text>; en: Record<string, Text> };
  export default texts;
}
