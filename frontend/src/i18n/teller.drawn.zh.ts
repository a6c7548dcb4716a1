// What stands on a key card, in Chinese.

export const drawnZh = {
  "drawn.kind": "钥匙卡",
  "drawn.demonstration": "演示 · 不是正式钥匙卡",
  "drawn.teller": "监票人",
  "drawn.number": "第 {n} 位，共 {all} 位；{quorum} 位到齐开箱",
  "drawn.date": "制卡日期：{date}",
  "drawn.session": "评议编号：{session}",
  "drawn.when": "开箱时",
  "drawn.scan": "1. 等主持人宣布封箱。",
  "drawn.enter": "2. 用手机扫左边的二维码，输入口令。",
  "drawn.open": "3. 看清楚要开的票箱，点“用我的钥匙开箱”。",
  "drawn.lines": "不能扫码，就打开下面的网址，输入这七行字：",
  "drawn.warning": "口令不要写在这张卡上，也不要和卡放在一起。",
  "drawn.loss": "卡丢了，或者口令忘了，谁也补不回来。",
} as const;
