// The sentences of the booth and the board, in Chinese: the first language.

import { boardZh } from "./board.zh.ts";
import { formZh } from "./form.zh.ts";

export const zh = {
  "language.other": "English",
  "demonstration": "演示：不是真实评议，结果不作数。",
  "custodian":
    "本次评议的开箱密钥没有交给监票人，由系统代管：开箱之前，管理系统的人在技术上能看到票面，但票面上没有投票人是谁。",
  "opening": "正在打开……",
  "board": "看公示板",

  "landing.whose": "{organisation}请您评议 {n} 个对象。",
  "landing.what": "看名字，点等次。不想答的题可以空着，算弃权。",
  "landing.anonymous": "匿名：投进票箱的选票上没有凭证码，也没有您的任何信息。",
  "landing.minute": "大约一分钟。断网、来电话、关了页面，回来接着填。",
  "landing.class": "您的票种：{name}。不对的话先别领，找工作人员换。",
  "landing.draw": "领取选票",
  "landing.once": "领取以后，这张凭证就用掉了，请在这部手机上填完。",
  "landing.memory": "这部手机不让网页保存内容。请一口气填完，中途不要关闭或刷新本页。",

  "why.title": "为什么是匿名的？",
  "why.slip": "凭证上没有您的名字。它只证明您可以领一份选票。",
  "why.envelope": "空白选票是您的手机自己做的，好比装在信封里送去盖章：系统隔着信封盖，盖了谁的，它自己也认不出来。",
  "why.box": "投进票箱的选票上只有章和您的选择。封箱时打乱先后，谁先投谁后投也看不出来。",
  "why.custodian": "选票在您的手机上密封，钥匙由系统代管：开箱之前，管理系统的人在技术上能提前看票面，但看不出是谁投的。",
  "why.tellers": "选票在您的手机上密封，{all} 位监票人各有一把钥匙，要 {n} 位一起才能打开：少一位，谁也不能提前看。",
  "why.signers": "每张选票还要{who}也盖一个章：哪一家都不能自己多做选票。",
  "why.and": "、",
  "why.limits": "网页挡不住的：有人站在旁边看您的手机，或者别人拿走了您的凭证。请自己一个人填。",
  "why.more": "看完整的说明",

  "code.title": "输入凭证码",
  "code.lead": "不能扫码也能投票。请把选票凭证上的凭证码输进来。",
  "code.session": "评议编号",
  "code.session-hint": "凭证上网址的最后 10 位，例如 k3m9x7q2wp",
  "code.label": "凭证码",
  "code.hint": "二维码旁边的 21 位字母和数字，不分大小写，横线可以不输",
  "code.go": "下一步",
  "code.wrong":
    "凭证码应当是 21 位，您输入了 {n} 位能认的。请对照凭证再看一遍；看不清就找工作人员。",
  "code.wrong-session": "评议编号应当是 10 位字母和数字。请对照凭证上的网址再看一遍。",

  "compare.title": "核对指纹",
  "compare.lead": "凭证上印的“指纹”前十位，是不是这十位？",
  "compare.why": "核对它，是为了确认您看到的评议和别人看到的是同一份。",
  "compare.same": "一样",
  "compare.different": "不一样",
  "compare.again": "再看一遍",

  "unfinished.title": "手机上有没投完的选票",
  "unfinished.lead": "它可能是您刚才填了一半的，也可能是别人的。",
  "unfinished.yours": "它是您的，就接着填。不是您的，请叫那位投票人来填完，或者先放到一边。",
  "unfinished.continue": "接着填没投完的",
  "unfinished.continue-nth": "接着填没投完的第 {n} 张",
  "unfinished.aside": "先放到一边，用刚扫的凭证",
  "unfinished.code": "先放到一边，输入凭证码",
  "unfinished.kept": "放到一边的选票还留在这部手机上，再扫它的凭证就能接着填。",

  "wait.drawing": "正在领取选票……",
  "wait.sealing": "正在密封选票 {n} / {all}……",
  "wait.casting": "正在投入票箱……",
  "wait.retry": "网络不通，正在重试（第 {n} 次）。请不要关闭本页。",
  "wait.check": "正在核对……",

  "card.progress": "第 {n} 个，共 {all} 个",
  "card.together": "{n} 题一起选",
  "card.clear": "清空这一页",
  "card.previous": "上一个",
  "card.next": "下一个",
  "card.review": "检查选票",
  "card.filled": "已选好",
  "card.cleared": "已清空",

  "review.title": "检查选票",
  "review.lead": "投入票箱之前都可以改，投入之后就不能改了。",
  "review.blank": "未填（弃权）",
  "review.blanks": "有 {n} 题没有填，算弃权。这样也可以投。",
  "review.all-blank": "一题也没有填，全部算弃权。这样也可以投。",
  "review.complete": "每一题都填了。",
  "review.change": "修改",
  "review.change-name": "修改：{name}",
  "review.back": "返回上一页",
  "review.cast": "投入票箱",

  "done.title": "您的选票已投入票箱",
  "done.close": "可以关闭本页。",
  "done.clean": "这部手机上没有留下您怎么投的内容。",
  "done.next": "下一位投票人",
  "done.receipt": "取回执",
  "done.receipt-now": "要回执请现在取，关闭以后就没有了。",

  "next.title": "请下一位投票人扫码",
  "next.lead": "上一位的内容已经清空。请用这部手机扫下一张选票凭证上的二维码，或者输入凭证码。",

  "receipt.title": "回执",
  "receipt.lead":
    "回执证明您的选票已被收下，从它看不出您怎么投的。封箱以后，凭它可以在公示板上找到您的选票。",
  "receipt.telling": "回执证明您的选票已经收下。这次评议开箱以后公布解密因子，到那时谁拿到您的回执，谁就能看到您怎么投的。只给自己留，不要给别人。",
  "receipt.text": "回执内容",
  "receipt.copy": "复制回执",
  "receipt.copied": "已复制。",
  "receipt.not-copied": "没能复制。请长按上面的文字，全选后复制。",
  "receipt.head": "{title} 回执（评议编号 {session}）",
  "receipt.board": "公示板：",
  "receipt.back": "返回",
  "tracker.title": "核对号",
  "tracker.warning":
    "核对号会暴露您怎么投的。它只用来开箱后自己核对。不要给任何人看，不要截图，不要转发；有人要您出示，请告诉工作人员、监票人或上级。",
  "tracker.show": "我明白，显示核对号",

  "again": "再试一次",
  "reload": "刷新看看",
  "problem.next": "怎么办",

  ...formZh,
  ...boardZh,
} as const;
