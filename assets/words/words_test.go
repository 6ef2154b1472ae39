package words_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"folkmoot/assets/words"
)

// texts reads a catalogue file as the pages do: every key with its one or two
// forms.
func texts(t *testing.T, lang string) map[string][]string {
	t.Helper()
	var raw map[string]any
	if err := json.Unmarshal(words.File(lang), &raw); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	all := map[string][]string{}
	for key, value := range raw {
		switch v := value.(type) {
		case string:
			all[key] = []string{v}
		case map[string]any:
			if len(v) != 2 || v["one"] == nil || v["other"] == nil {
				t.Errorf("%s %s: wants exactly one and other, has %v", lang, key, v)
			}
			for _, form := range []string{"one", "other"} {
				text, _ := v[form].(string)
				all[key] = append(all[key], text)
			}
		default:
			t.Errorf("%s %s: neither text nor plural", lang, key)
		}
	}
	return all
}

var argument = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

func arguments(forms []string) []string {
	var names []string
	for _, form := range forms {
		for _, match := range argument.FindAllStringSubmatch(form, -1) {
			names = append(names, match[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	zh, en := texts(t, words.Chinese), texts(t, words.English)
	for key := range zh {
		if en[key] == nil {
			t.Errorf("%s: not in English", key)
		}
	}
	for key, forms := range en {
		if zh[key] == nil {
			t.Errorf("%s: not in Chinese", key)
			continue
		}
		if got, want := arguments(zh[key]), arguments(forms); !slices.Equal(got, want) {
			t.Errorf("%s: arguments %v in Chinese, %v in English", key, got, want)
		}
	}
}

func TestTextsAreWhole(t *testing.T) {
	for _, lang := range words.Languages() {
		for key, forms := range texts(t, lang) {
			for _, form := range forms {
				if form == "" || form != strings.TrimSpace(form) {
					t.Errorf("%s %s: empty, or with blanks around it: %q", lang, key, form)
				}
				if rest := argument.ReplaceAllString(form, ""); strings.ContainsAny(rest, "{}") {
					t.Errorf("%s %s: more than {{.Name}} in %q", lang, key, form)
				}
			}
		}
	}
}

// simplified are common characters that only Simplified Chinese writes so.
const simplified = "们个这为说时会对发开关问题见动过还进远连选选单处备认识语词点击请请录无网络线码记门间闻阅读页简单实现数据应该与从众体优传输儿写军农冲决况净准减几划则创办务动区协压县参双变号叶听员响园图圆团围国场块坚坏坐声处复头夺奋奖妇学宁宝审将层属岁岛币师帐带帮广庄库应庙废张弹强归当录彻态怀总恋恶悬惊惯愿懒战户扑执扩扫扬担择挥损换据摄数斗断旧显晓暂术机杀权条来极构标样树桥检楼欢毕汇汉汤沟没泪泽洁济测浓涂润涨渐湿满滚灭灯灵热爱独献现环电画痴监盖盘眯着矿确礼离种积称稳穷竞笔签类粮紧级纪约纯纸纵纷练组细终经结给统继绩续维综绿缩缴罗罚职联聪肃肠脑脚脸节芦苏范荐药获虑虽补装观规视览觉触计订讨让训议讲许论设访证评诉试诗话该详误请诸课谁调谈谢谱贝负财责败货质贩购贯贴贵贸费资赏赖赛赞趋车转轮软轻载较辅辆辉输辞达迁过运还这进违连迟适选递逻遗邮邻郑释里针钉钟钱铁银错键长门闪闭问闲间闹闻阅队阳阶阴际陆险随难雾静韩顶项顺须顾顿预领频题额风飞饭饮馆驶驾验骑鱼鲁鸟鸡鸣麦黄齐齿龙龟"

// shared are characters of the list above that Traditional Chinese writes too.
const shared = "着冲准几划坐坏体据系里斗范丑面沟涂唇强录復獎痴眯懒悬宁芦辞类众灭灶厂党晓"

func TestNoSimplifiedCharacters(t *testing.T) {
	for key, forms := range texts(t, words.Chinese) {
		for _, r := range forms[0] {
			if strings.ContainsRune(simplified, r) && !strings.ContainsRune(shared, r) {
				t.Errorf("%s: %q is Simplified in %q", key, r, forms[0])
			}
		}
	}
}

func TestFormOfAddress(t *testing.T) {
	for key, forms := range texts(t, words.Chinese) {
		if strings.ContainsAny(forms[0], "您妳") {
			t.Errorf("%s: addresses people otherwise than by 你: %q", key, forms[0])
		}
		if strings.Contains(forms[0], "組") {
			t.Errorf("%s: 組 is a table, a group is 意見群: %q", key, forms[0])
		}
		if strings.ContainsAny(forms[0], ",?!;:()") {
			t.Errorf("%s: half-width punctuation in %q", key, forms[0])
		}
	}
}

// The table of words in the design, row by row.
func TestVocabulary(t *testing.T) {
	cases := []struct {
		key    string
		args   map[string]any
		zh, en string
	}{
		{"vote.agree", nil, "同意", "Agree"},
		{"vote.disagree", nil, "不同意", "Disagree"},
		{"vote.pass", nil, "略過", "Pass"},
		{"vote.pass_hint", nil, "不確定、不想答都可以", "not sure, or rather not say"},
		{"vote.hint", nil, "大致同意就按同意", "Mostly agree? Press agree"},
		{"term.statement", nil, "意見", "statement"},
		{"write.title", nil, "寫一則意見", "write a statement"},
		{"map.group", map[string]any{"Letter": "A"}, "意見群 A", "opinion group A"},
		{"results.common", nil, "各群多數都同意", "most in every group agree"},
		{"results.divisive", nil, "看法不同的地方", "where we differ"},
		{"results.apart", map[string]any{"Letter": "A"}, "A 群特別在意的", "what sets group A apart"},
		{"map.none", nil, "目前看不出分群", "no distinct groups so far"},
		{"status.saved", nil, "主辦的電腦已收到", "received"},
		{"status.waiting", map[string]any{"N": 4}, "4 題先存在這台，連上會自動送出", "4 kept on this device, will send by themselves"},
		{"wall.received_waiting", map[string]any{"N": 412, "Waiting": 7, "Devices": 3}, "412 票已收到，7 票在 3 支手機裡等著", "412 received, 7 waiting on 3 phones"},
		{"network.fine", nil, "現場網路正常（不需上網）", "network fine (no internet needed)"},
		{"term.pass_on", nil, "換下一位作答（你的答案已收好）", "next person (your answers are put away)"},
		{"term.backup", nil, "備援電腦", "backup laptop"},
		{"term.take_over", nil, "改由這台接手", "take over here"},
		{"table.number", map[string]any{"N": 3}, "第 3 桌", "table 3"},
		{"term.table_host", nil, "桌長", "table host"},
		{"term.notes", nil, "紀錄", "notes"},
		{"term.reporter", nil, "分享人（替這桌分享）", "speaks for the table"},
		{"down.title", nil, "請把手機收起來，先聊聊", "devices down, let’s talk"},
		{"host.approve", nil, "通過", "approve"},
		{"term.not_now", nil, "先不放（說明原因）", "not now (say why)"},
		{"step.checkin", nil, "報到", "check-in"},
		{"term.facilitator", nil, "主持人", "facilitator"},
		{"term.name_tag", nil, "名牌", "name tag"},
		{"host.wall", nil, "投影畫面", "wall"},
		{"term.export", nil, "匯出", "export"},
		{"term.print", nil, "列印", "print"},
		{"term.public", nil, "可公開", "public"},
		{"term.private", nil, "僅主辦留存", "private"},
		{"term.for", nil, "贊成", "for"},
		{"term.against", nil, "反對", "against"},
	}
	for _, c := range cases {
		if got := words.Text(words.Chinese, c.key, c.args); got != c.zh {
			t.Errorf("%s in Chinese: got %q, want %q", c.key, got, c.zh)
		}
		// A line of its own starts with a capital; the design writes words.
		if got := words.Text(words.English, c.key, c.args); !strings.EqualFold(got, c.en) {
			t.Errorf("%s in English: got %q, want %q", c.key, got, c.en)
		}
	}
}

func TestText(t *testing.T) {
	cases := []struct {
		name, lang, key string
		args            map[string]any
		want            string
	}{
		{"one", "en", "person.count", map[string]any{"N": 1}, "1 person"},
		{"many", "en", "person.count", map[string]any{"N": 1207}, "1,207 people"},
		{"none", "en", "person.count", map[string]any{"N": 0}, "0 people"},
		{"a count as text", "en", "missing.people", map[string]any{"N": "1"}, "1 more person has to answer some more statements."},
		{"Chinese has one form", "zh-Hant", "person.count", map[string]any{"N": 1}, "1 人"},
		{"a number in a text of one form", "en", "table.number", map[string]any{"N": 1}, "Table 1"},
		{"another number chooses", "en", "wall.received_waiting", map[string]any{"N": 412, "Waiting": 7, "Devices": 1, "Count": 1}, "412 received, 7 waiting on 1 phone"},
		{"an unknown language reads English", "fr", "vote.agree", nil, "Agree"},
		{"an unknown key comes back", "en", "no.such", nil, "no.such"},
	}
	for _, c := range cases {
		if got := words.Text(c.lang, c.key, c.args); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPerson(t *testing.T) {
	if got := words.Person(words.Chinese, 12, "leopard_cat"); got != "12 號・石虎" {
		t.Errorf("got %q", got)
	}
	if got := words.Person(words.English, 12, "otter"); got != "12 · Otter" {
		t.Errorf("got %q", got)
	}
	if got := words.Person(words.English, 1, "otter"); got != "1 · Otter" {
		t.Errorf("the first number: got %q", got)
	}
	if got := words.Animal(words.English, "unicorn"); got != "unicorn" {
		t.Errorf("a word that is not there: got %q", got)
	}
}

// sacred are animals that are holy, or a bad omen, to a people: a machine
// should not hand them out.
var sacred = []string{"eagle", "owl", "bear", "cow", "snake", "monkey", "elephant", "clouded_leopard", "flying_fish", "wolf", "raven", "magpie", "pig", "dog", "turtle"}

func TestAnimals(t *testing.T) {
	animals := words.Animals()
	if len(animals) < 60 {
		t.Errorf("%d animals, want 60 or more", len(animals))
	}
	for _, lang := range words.Languages() {
		seen := map[string]string{}
		for _, word := range animals {
			name := words.Animal(lang, word)
			if other, twice := seen[name]; twice {
				t.Errorf("%s: %s and %s are both %q", lang, word, other, name)
			}
			seen[name] = word
		}
	}
	for _, word := range sacred {
		if slices.Contains(animals, word) {
			t.Errorf("%s must not be handed out", word)
		}
	}
}

// The reasons for a refusal, as the hub's interface names them.
func TestRefusals(t *testing.T) {
	for _, reason := range []string{
		"closed", "unknown_statement", "unknown_question", "bad_value", "too_long", "empty",
		"emoji_only", "too_many_statements", "bad_rev", "not_yours", "duplicate",
	} {
		if !words.Has("refused." + reason) {
			t.Errorf("refused.%s has no text", reason)
		}
	}
}

func TestFileOfAnUnknownLanguage(t *testing.T) {
	if words.File("../en") != nil || words.File("fr") != nil {
		t.Error("a language that is not there has a file")
	}
}
