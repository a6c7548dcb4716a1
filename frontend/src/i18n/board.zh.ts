// The sentences of the board, in Chinese.

export const boardZh = {
  "find.title": "找到我的选票",
  "find.lead":
    "把回执的文字贴在这里，看您的选票在不在公示板上。开箱以后贴核对号，还能看到这张选票填的是什么。查找在您的设备上进行，贴的内容不会发出去。",
  "find.lead-untold":
    "把回执的文字贴在这里，看您的选票在不在公示板上。查找在您的设备上进行，贴的内容不会发出去。",
  "find.label": "回执或核对号",
  "find.go": "查找",
  "find.none":
    "没有认出回执或核对号。回执里每张选票一行，每行以 64 位字母和数字开头；核对号是 32 位字母和数字。",
  "find.searching": "正在下载公示板……",
  "find.found": "找到了：{n} 张选票都在公示板上。",
  "find.missing": "{all} 张选票里有 {n} 张不在公示板上。",
  "find.missing-proof":
    "回执上公示板的签名是真的，可以作为证据。请留好回执，找工作人员、监票人或上级组织查清楚。",
  "find.missing-other": "回执上的签名不是这次评议的。请确认贴的是这次评议的回执。",
  "find.missing-unsigned": "贴进来的内容里没有签名，请贴上完整的回执再查一遍。",
  "find.early": "还没有封箱，选票还不在公示板上。封箱以后再来找。",
  "find.early-proof": "回执上公示板的签名是真的：您的选票已被收下。",
  "find.failed": "公示板没有下载下来。请检查网络，再试一次。",
  "find.line": "第 {n} 张：",
  "find.there": "在公示板第 {n} 项",
  "find.absent": "不在公示板上",

  "look.warning":
    "接下来会显示这张选票是怎么填的。请确认旁边没有人在看，不要给任何人看，不要截图；有人要您出示，请告诉工作人员、监票人或上级。",
  "look.show": "我明白，显示选票内容",
  "look.hide": "收起来",
  "look.early": "还没有开箱。核对号要等开箱以后才能查。",
  "look.untold":
    "这个页面不公布开箱内容，核对号要在有结果的页面上查：打开结果链接再来。没有结果链接的，核对号查不了。",
  "look.void": "这次评议作废，没有开箱，核对号查不到内容。",
  "look.differs":
    "下载到的开箱内容和公示板上登记的不是同一份，不能用来核对。请告诉工作人员、监票人或上级组织。",
  "look.found": "找到了。公布的选票内容是：",
  "look.otherwise": "和您填的不一样，请留好核对号，告诉工作人员、监票人或上级组织。",
  "look.missing": "{all} 个核对号里有 {n} 个没有找到。可能的原因：",
  "look.copied": "核对号抄错了，或者不是这次评议的。",
  "look.spoilt": "选票被判为无效票。这次评议有 {n} 张无效票，无效票不公布内容。",
  "look.withheld": "选票没有公布。这次评议有 {n} 组票箱张数太少，为了不让人猜出是谁投的，不公布内容。",
  "look.ask": "都不是的话，请留好核对号，告诉工作人员、监票人或上级组织。",

  "board.title": "公示板",
  "board.lead":
    "这里是人人都能核对的记录：印了多少凭证、用了多少、票箱里有多少选票。从这里看不出谁投了什么票。",
  "board.figures": "凭证和选票",
  "board.caption": "单位：张",
  "board.wider": "表格比屏幕宽，可以左右滑动。",
  "board.class": "票种",
  "board.printed": "印制",
  "board.void-slips": "作废",
  "board.issued": "发出",
  "board.drawn": "领取",
  "board.returned": "收回",
  "board.later": "作废、领取和收回的数字，封箱以后才公布。",
  "board.check": "下载核对",
  "board.check-lead": "下面的文件谁都可以下载，用另外得到的验证程序再算一遍。",
  "board.checkpoint": "公示板的签名（检查点）",
} as const;
