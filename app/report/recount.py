# 重新計票：在這個資料夾執行 python3 recount.py
# Count again: run  python3 recount.py  in this folder.
# It reads log.jsonl alone and believes nothing else in the pack. What counts is each
# person's newest vote on a statement: the highest "rev"; of equal ones the later time.
import collections, json, sys

texts, newest, last = {}, {}, {}
for number, line in enumerate(open("log.jsonl", encoding="utf-8"), 1):
    entry = json.loads(line)
    if entry["prev"] != last.get(entry["replica"], "0" * 64):
        sys.exit(f"line {number} does not follow on the line before it of the same log")
    last[entry["replica"]] = entry["hash"]
    said = entry["payload"] or {}
    if entry["kind"] == "statement" and not entry.get("excluded"):
        texts.setdefault(entry["cid"], said["text"])
    if entry["kind"] == "vote" and said["counted"] and not entry.get("excluded"):
        order = (said["rev"], entry["time"], entry["counter"], entry["replica"], entry["seq"])
        key = (said["person"], said["statement"])
        newest[key] = max(newest.get(key, (order, "")), (order, said["value"]))
votes = collections.Counter((statement, value) for (_, statement), (_, value) in newest.items())
print("agree", "disagree", "pass", "statement", sep="\t")
for statement, text in texts.items():
    print(*(votes[statement, value] for value in ("agree", "disagree", "pass")), " ".join(text.split()), sep="\t")
