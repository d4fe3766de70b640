import type { Words } from '../web/language.ts'
import type { Reason } from './reason.ts'

/** Every word of the checkout. Swahili is written, not translated: it says the same, as a person would say it. */
export const words = {
  title_ask: ['Pay {merchant}', 'Lipa {merchant}'],
  other_language: ['Kiswahili', 'English'],
  badge_simulator: ['Simulator · no real money', 'Simulator · si pesa halisi'],
  badge_sandbox: ['Sandbox · no real money', 'Sandbox · si pesa halisi'],
  mark_simulator: ['Simulator', 'Majaribio'],
  mark_sandbox: ['Sandbox', 'Majaribio'],

  to_pay: ['To pay', 'Ya kulipa'],
  paid_label: ['Paid', 'Imelipwa'],
  not_paid: ['Not paid', 'Haijalipwa'],
  not_known: ['Not known', 'Haijulikani'],
  returned_label: ['Returned', 'Imerudishwa'],

  invoice_named: ['Invoice {reference}', 'Ankara {reference}'],
  invoice_total: ['Invoice', 'Ankara'],
  left_to_pay: ['Left to pay', 'Imebaki kulipwa'],
  due_by: ['By {day}', 'Kufikia {day}'],
  overdue_since: ['It was to be paid by {day}', 'Ilipaswa kulipwa kufikia {day}'],
  how_much: ['How much, in shillings', 'Kiasi, kwa shilingi'],
  part_hint: ['You may pay it in parts.', 'Unaweza kulipa kwa awamu.'],
  part_limit: [
    'M-PESA takes {most} at most at a time: pay it in parts.',
    'M-PESA hupokea hadi {most} kwa mara moja: lipa kwa awamu.',
  ],
  pay_now: ['Pay with M-PESA', 'Lipa kwa M-PESA'],
  amount_missing: ['Write how much you pay.', 'Andika kiasi unacholipa.'],
  amount_wrong: ['Write whole shillings, from 1 to {most}.', 'Andika shilingi kamili, kuanzia 1 hadi {most}.'],
  amount_said: ['Write it as the SMS has it, in whole shillings.', 'Andika kama SMS inavyosema, kwa shilingi kamili.'],
  asked_too_often: [
    'This phone was asked several times just now. Look at it, or wait ten minutes.',
    'Simu hii imetumiwa maombi kadhaa sasa hivi. Iangalie, au subiri dakika kumi.',
  ],
  cannot_now: [
    'This cannot be paid here at the moment. Ask the shop.',
    'Hili haliwezi kulipwa hapa kwa sasa. Uliza dukani.',
  ],
  last_is_begun: [
    'Somebody is paying the last one at this moment. If that comes to nothing, you can pay here in a few minutes.',
    'Kuna mtu analipa nafasi ya mwisho sasa hivi. Akishindwa, unaweza kulipa hapa baada ya dakika chache.',
  ],
  what_for: ['What it is for', 'Ni ya nini'],
  altogether: ['Altogether', 'Jumla'],
  tax_in_it: ['Tax in it', 'Kodi iliyomo'],
  paid_so_far: ['Paid so far', 'Zilizolipwa hadi sasa'],
  paid_elsewhere: ['Paid elsewhere, says {merchant}', 'Imelipwa kwingine, yasema {merchant}'],
  paid_of: ['Of {total}', 'Kati ya {total}'],
  paid_over: [
    '{amount} more than was asked for came. It is your credit: ask {merchant} to put it to something else, or to return it.',
    'Umelipa {amount} zaidi ya kiasi kilichohitajika. Ni akiba yako: mwombe {merchant} aitumie kwa kitu kingine, au akurudishie.',
  ],
  invoice_paid: ['Paid in full. Asante!', 'Umemaliza kulipa. Asante!'],
  invoice_void: ['This invoice was cancelled', 'Ankara hii imefutwa'],
  invoice_void_advice: [
    'There is nothing to pay. Ask {merchant} if you expected something else.',
    'Hakuna cha kulipa. Kama ulitarajia kingine, muulize {merchant}.',
  ],
  under_way: ['A request is open on {phone}', 'Kuna ombi kwenye simu {phone}'],
  under_way_look: ['See what became of it before you pay again', 'Angalia limefikia wapi kabla ya kulipa tena'],
  see_invoice: ['See the invoice', 'Ona ankara'],
  link_ended: ['This page takes no more payments', 'Ukurasa huu haupokei malipo tena'],
  link_ended_advice: ['Ask {merchant} for another way to pay.', 'Mwombe {merchant} njia nyingine ya kulipa.'],

  at_ecitizen: ['Pay at eCitizen', 'Lipa kwenye eCitizen'],
  at_ecitizen_advice: [
    'The payment is made on eCitizen’s own page. Come back here to see what became of it: this page changes by itself.',
    'Malipo hufanyika kwenye ukurasa wa eCitizen. Rudi hapa kuona yalipofikia: ukurasa huu hubadilika wenyewe.',
  ],
  go_to_ecitizen: ['Open the payment page', 'Fungua ukurasa wa malipo'],
  being_prepared: ['Your bill is being prepared', 'Ankara yako inaandaliwa'],
  being_prepared_advice: [
    'eCitizen has not answered yet. Nothing was taken; this page changes when the bill can be paid.',
    'eCitizen haijajibu bado. Hakuna pesa zilizokatwa; ukurasa huu utabadilika ankara itakapokuwa tayari.',
  ],
  or_at_ecitizen: ['Or pay at eCitizen', 'Au lipa kwenye eCitizen'],
  pay_at_ecitizen: ['Pay {amount} at eCitizen', 'Lipa {amount} kwenye eCitizen'],
  pay_there: ['Pay at eCitizen', 'Lipa kwenye eCitizen'],
  busy_ecitizen: ['Asking eCitizen…', 'Tunaiomba eCitizen…'],
  pay_at_ecitizen_hint: [
    'eCitizen adds a fee of its own, and shows it before you pay.',
    'eCitizen huongeza ada yake, na huionyesha kabla hujalipa.',
  ],
  payer_name: ['Your name, or that of the company', 'Jina lako, au la kampuni'],
  payer_id_number: ['Number of the ID, passport or company', 'Nambari ya kitambulisho, pasipoti au kampuni'],
  name_missing: ['Write whom the bill is made out to.', 'Andika ankara ni ya nani.'],
  id_number_missing: [
    'Write the number of the ID card, the passport or the company.',
    'Andika nambari ya kitambulisho, pasipoti au kampuni.',
  ],
  amount_wrong_there: ['Write shillings, from 1 to {most}.', 'Andika shilingi, kuanzia 1 hadi {most}.'],
  bill_open: ['A bill for this is open at eCitizen', 'Kuna ankara ya hili kwenye eCitizen'],
  check_status: ['Check status', 'Angalia hali'],
  asked_at: ['Asked at {time}: no payment so far.', 'Tuliuliza saa {time}: hakuna malipo bado.'],
  trouble_there: ['Having trouble? Open the payment page', 'Una shida? Fungua ukurasa wa malipo'],
  close: ['Close', 'Funga'],
  part_paid: ['A part of it has come', 'Sehemu ya malipo imefika'],
  commission: ['eCitizen’s fee', 'Ada ya eCitizen'],
  result_paid: ['Paid. Asante!', 'Imelipwa. Asante!'],
  result_paid_advice: ['The payment has arrived.', 'Malipo yamefika.'],
  result_part_paid: ['Paid in part', 'Imelipwa kwa sehemu'],
  result_part_paid_advice: ['The rest is still to be paid at eCitizen.', 'Kiasi kilichobaki kilipwe kwenye eCitizen.'],
  result_processing: ['Looking for your payment', 'Tunatafuta malipo yako'],
  result_processing_advice: [
    'eCitizen is being asked. This page looks again by itself.',
    'Tunauliza eCitizen. Ukurasa huu huangalia tena wenyewe.',
  ],
  result_pending: ['Not paid yet', 'Haijalipwa bado'],
  result_pending_advice: [
    'eCitizen knows of no payment so far. If you have paid, it shows here in a few minutes.',
    'eCitizen haijaona malipo bado. Kama umelipa, yataonekana hapa baada ya dakika chache.',
  ],
  result_failed: ['It was not paid', 'Haikulipwa'],
  result_failed_advice: ['Ask whoever sent you here for a new bill.', 'Mwombe aliyekutuma hapa ankara mpya.'],
  number_missing: ['There is no bill number', 'Hakuna nambari ya ankara'],
  number_missing_advice: [
    'The address of this page must name a bill. Open the link that you were given.',
    'Anwani ya ukurasa huu lazima itaje ankara. Fungua kiungo ulichopewa.',
  ],

  phone: ['M-PESA phone number', 'Nambari ya simu ya M-PESA'],
  pay: ['Pay {amount} with M-PESA', 'Lipa {amount} kwa M-PESA'],
  busy: ['Asking M-PESA…', 'Tunaiomba M-PESA…'],
  pay_hint: [
    'A request appears on this phone. You approve it there with your M-PESA PIN, never here.',
    'Ombi litatokea kwenye simu hii. Utalikubali hapo kwa PIN yako ya M-PESA, kamwe si hapa.',
  ],
  phone_missing: ['Write the number of the phone that pays.', 'Andika nambari ya simu itakayolipa.'],
  phone_wrong: [
    'This is not a Kenyan mobile number. Write it like 0712 345 678.',
    'Hii si nambari ya simu ya Kenya. Iandike hivi: 0712 345 678.',
  ],

  check_phone: ['Check your phone', 'Angalia simu yako'],
  sending: ['We are asking M-PESA to send a request to {phone}.', 'Tunaiomba M-PESA itume ombi kwa simu {phone}.'],
  enter_pin: [
    'A request is on {phone}. Enter your M-PESA PIN there to pay {merchant}.',
    'Ombi liko kwenye simu {phone}. Weka PIN yako ya M-PESA hapo ili kulipa {merchant}.',
  ],
  slow: [
    'M-PESA has not told us the outcome yet. If you entered your PIN, wait for the SMS from M-PESA and do not pay again: this page changes as soon as we know.',
    'M-PESA bado haijatuambia matokeo. Kama umeweka PIN, subiri SMS ya M-PESA wala usilipe tena: ukurasa huu utabadilika tukishajua.',
  ],
  unsure: [
    'We could not reach M-PESA for sure. If a request appears on {phone}, it is ours: enter your PIN to pay {merchant}. If M-PESA sends you an SMS that you have paid, you have, and this page will say so.',
    'Hatuna hakika kama M-PESA imepokea ombi letu. Ombi likitokea kwenye simu {phone}, ni letu: weka PIN kulipa {merchant}. M-PESA ikikutumia SMS kuwa umelipa, basi umelipa, na ukurasa huu utaonyesha.',
  ],
  page_changes: ['This page changes by itself.', 'Ukurasa huu hubadilika wenyewe.'],
  look_at_phone: [
    'Nothing came? See that {phone} is on, unlocked and has signal, or pay by hand.',
    'Ombi halijafika? Hakikisha simu {phone} imewashwa, haijafungwa na ina mtandao, au lipa mwenyewe.',
  ],

  by_hand: ['Or pay by hand', 'Au lipa mwenyewe'],
  by_hand_instead: ['Pay by hand instead', 'Lipa mwenyewe badala yake'],
  pay_bill: ['Pay Bill', 'Pay Bill'],
  account_number: ['Account', 'Akaunti'],
  till_number: ['Till', 'Till'],
  menu_paybill: [
    'Open M-PESA, then Lipa na M-PESA, then Pay Bill',
    'Fungua M-PESA, kisha Lipa na M-PESA, kisha Pay Bill',
  ],
  menu_till: [
    'Open M-PESA, then Lipa na M-PESA, then Buy Goods',
    'Fungua M-PESA, kisha Lipa na M-PESA, kisha Buy Goods',
  ],
  type_three: [
    'Type these three, then your PIN. Cancel any request that still comes.',
    'Andika hivi vitatu, kisha PIN yako. Ghairi ombi lolote litakalokuja baadaye.',
  ],
  type_two: [
    'Type these two, then your PIN. Cancel any request that still comes.',
    'Andika hivi viwili, kisha PIN yako. Ghairi ombi lolote litakalokuja baadaye.',
  ],
  by_hand_seen: ['This page notices by itself', 'Ukurasa huu utaona wenyewe'],
  by_hand_till: [
    'Give us the code of the SMS that M-PESA sends you',
    'Tupe msimbo ulio kwenye SMS utakayotumiwa na M-PESA',
  ],
  by_hand_unseen: [
    'Give us the code of the SMS that M-PESA sends you, or show it to {merchant}',
    'Tupe msimbo ulio kwenye SMS utakayotumiwa na M-PESA, au mwonyeshe {merchant}',
  ],

  open_again: ['(open it again when you have paid)', '(ufungue tena ukishalipa)'],

  have_paid: ['I have paid', 'Nimeshalipa'],
  code_label: ['The code in the SMS from M-PESA', 'Msimbo ulio kwenye SMS ya M-PESA'],
  code_hint: [
    'It stands at the beginning of the SMS and looks like UKK7X2M4QA. You may paste the whole SMS.',
    'Uko mwanzoni mwa SMS, na unafanana na UKK7X2M4QA. Unaweza kubandika SMS yote.',
  ],
  code_send: ['Look for my payment', 'Tafuta malipo yangu'],
  code_back: ['Back to the payment', 'Rudi kwenye malipo'],
  code_missing: ['Write the code of the SMS.', 'Andika msimbo ulio kwenye SMS.'],
  code_wrong: [
    'This is no code of M-PESA. It has ten letters and digits, like UKK7X2M4QA.',
    'Huu si msimbo wa M-PESA. Una herufi na tarakimu kumi, kama UKK7X2M4QA.',
  ],
  code_taken: ['{code} was used already', '{code} umeshatumika'],
  code_taken_advice: [
    'It belongs to another payment. If you have paid twice, show {merchant} both SMS.',
    'Ni wa malipo mengine. Kama umelipa mara mbili, mwonyeshe {merchant} SMS zote mbili.',
  ],
  code_reversed: ['This money went back', 'Pesa hizi zilirudishwa'],
  code_reversed_advice: [
    'M-PESA has returned what was paid with {code}. To pay, begin again.',
    'M-PESA imerudisha pesa zilizolipwa kwa {code}. Ili kulipa, anza upya.',
  ],
  code_other_amount: ['{code} is of another amount', '{code} ni wa kiasi kingine'],
  code_other_amount_advice: [
    'It is not {amount}, and it is not lost: show {merchant} the SMS, and do not pay again before you have asked.',
    'Si {amount}, na pesa hazijapotea: mwonyeshe {merchant} SMS, wala usilipe tena kabla ya kuuliza.',
  ],
  code_unsure: ['We see the money', 'Tunaona pesa hizo'],
  code_unsure_advice: [
    'What was paid with {code} may be for something else. {merchant} sees it too and can decide: show them the SMS, and do not pay again before you have asked.',
    'Pesa zilizolipwa kwa {code} huenda ni za kitu kingine. {merchant} anaziona na anaweza kuamua: mwonyeshe SMS, wala usilipe tena kabla ya kuuliza.',
  ],
  code_waiting: ['We see the money', 'Tunaona pesa hizo'],
  code_waiting_advice: [
    'We are finding out whose it is. That takes three minutes at most, and this page changes by itself.',
    'Tunatafuta ni za nani. Itachukua dakika tatu tu, na ukurasa huu utabadilika wenyewe.',
  ],
  code_asked: ['We are asking M-PESA', 'Tunaiuliza M-PESA'],
  code_asked_advice: [
    'We ask what became of {code}. Half a minute is enough, and this page changes by itself.',
    'Tunauliza kuhusu {code}. Nusu dakika inatosha, na ukurasa huu utabadilika wenyewe.',
  ],
  code_unknown: ['M-PESA has not told us of {code}', 'M-PESA haijatuambia kuhusu {code}'],
  code_unknown_advice: [
    'Read it again letter by letter: O and 0, I and 1 look alike. A real SMS comes from MPESA, never from a number. If it is right, show {merchant} the SMS; when the money comes, this page says so.',
    'Usome tena herufi kwa herufi: O na 0, I na 1 hufanana. SMS halisi hutoka kwa MPESA, kamwe si kwa nambari ya simu. Kama ni sahihi, mwonyeshe {merchant} SMS; pesa zikifika, ukurasa huu utaonyesha.',
  ],
  code_too_many: ['That was one code too many', 'Umejaribu misimbo mingi mno'],
  code_too_many_advice: [
    'Many codes were tried here. Show {merchant} the SMS: they can look for the money.',
    'Misimbo mingi imejaribiwa hapa. Mwonyeshe {merchant} SMS: anaweza kutafuta pesa hizo.',
  ],

  paid: ['Paid. Asante!', 'Umelipa. Asante!'],
  code: ['M-Pesa code', 'Msimbo wa M-Pesa'],
  code_follows: ['follows shortly', 'utafuata punde'],
  code_follows_hint: [
    'M-PESA has confirmed the payment. Its code is in the SMS that you got, and appears here shortly.',
    'M-PESA imethibitisha malipo. Msimbo wake uko kwenye SMS uliyopata, na utaonekana hapa punde.',
  ],
  amount: ['Amount', 'Kiasi'],
  returned: ['Returned to you', 'Umerudishiwa'],
  to: ['To', 'Kwa'],
  for: ['For', 'Malipo ya'],
  from: ['From', 'Kutoka'],
  when: ['When', 'Lini'],
  receipt: ['Receipt', 'Risiti'],
  back: ['Back to {merchant}', 'Rudi kwa {merchant}'],

  reversed: ['Your money was returned', 'Umerudishiwa pesa'],
  reversed_advice: [
    '{amount} went back to your M-PESA. The SMS from M-PESA says when it arrived. Ask {merchant} if you did not expect this.',
    '{amount} zimerudi kwenye M-PESA yako. SMS ya M-PESA inaonyesha zilipofika. Kama hukutarajia hivi, muulize {merchant}.',
  ],
  expired: ['This link has expired', 'Muda wa kiungo hiki umeisha'],
  expired_advice: [
    'Nobody paid here for 24 hours. Nothing was sent to a phone, and no money was taken. Ask {merchant} for a new link.',
    'Hakuna aliyelipa hapa kwa saa 24. Hakuna ombi lililotumwa, wala pesa iliyokatwa. Mwombe {merchant} kiungo kipya.',
  ],
  unclear: ['M-PESA never told us', 'M-PESA haikutuambia'],
  unclear_advice: [
    'For 48 hours M-PESA gave no answer about this payment. If you have an SMS from M-PESA for it, you have paid: show it to {merchant}, and do not pay again. Without one, no money was taken as far as we know; ask {merchant} for a new link.',
    'Kwa saa 48 M-PESA haikutoa jibu kuhusu malipo haya. Kama una SMS ya M-PESA ya malipo haya, umelipa: mwonyeshe {merchant}, wala usilipe tena. Kama huna, tunavyojua pesa haikukatwa; mwombe {merchant} kiungo kipya.',
  ],

  nothing_taken: ['No money was taken.', 'Hakuna pesa iliyokatwa.'],
  sms_first: [
    'If M-PESA sends you an SMS that you have paid, do not pay again: this page will turn to paid.',
    'M-PESA ikikutumia SMS kuwa umelipa, usilipe tena: ukurasa huu utaonyesha kuwa umelipa.',
  ],
  try_again: ['Try again on {phone}', 'Jaribu tena kwa {phone}'],
  other_number: ['Use another number', 'Tumia nambari nyingine'],
  no_more_tries: ['To pay, ask {merchant} for a new link.', 'Ili kulipa, mwombe {merchant} kiungo kipya.'],

  failed_cancelled_by_payer: ['You cancelled', 'Umeghairi'],
  failed_cancelled_by_payer_advice: [
    'The request was cancelled on the phone. Try again whenever you like.',
    'Ombi lilighairiwa kwenye simu. Jaribu tena wakati wowote.',
  ],
  failed_wrong_pin: ['The PIN was not right', 'PIN haikuwa sahihi'],
  failed_wrong_pin_advice: [
    'Try again with your M-PESA PIN. After three wrong ones M-PESA locks it.',
    'Jaribu tena kwa PIN yako ya M-PESA. Ukikosea mara tatu, M-PESA huifunga.',
  ],
  failed_insufficient_funds: ['Not enough in your M-PESA', 'Pesa hazitoshi kwenye M-PESA'],
  failed_insufficient_funds_advice: [
    'Your M-PESA has less than {amount}. Top up and try again, or use another number.',
    'M-PESA yako ina chini ya {amount}. Ongeza pesa kisha ujaribu tena, au tumia nambari nyingine.',
  ],
  failed_payer_unreachable: ['The phone did not answer', 'Simu haikujibu'],
  failed_payer_unreachable_advice: [
    'M-PESA got no answer from {phone}. See that it is on and has signal, then try again. If no request ever appears, dial *234# to update the SIM.',
    'M-PESA haikupata jibu kutoka simu {phone}. Hakikisha imewashwa na ina mtandao, kisha ujaribu tena. Ombi lisipotokea kabisa, piga *234# kusasisha laini.',
  ],
  failed_prompt_expired: ['The request ran out of time', 'Muda wa ombi uliisha'],
  failed_prompt_expired_advice: [
    'The PIN has to be entered within a minute. Keep the phone at hand and try again.',
    'PIN inapaswa kuwekwa ndani ya dakika moja. Shika simu na ujaribu tena.',
  ],
  failed_limit_exceeded: ['Over your M-PESA limit', 'Umepita kikomo cha M-PESA'],
  failed_limit_exceeded_advice: [
    'M-PESA does not allow {amount} from this number now: it takes at most KSh 250,000 at a time and KSh 500,000 a day. Use another number, or try tomorrow.',
    'M-PESA hairuhusu {amount} kutoka nambari hii sasa: hupokea hadi KSh 250,000 kwa mara moja na hadi KSh 500,000 kwa siku. Tumia nambari nyingine, au jaribu kesho.',
  ],
  failed_payer_busy: ['Another M-PESA request is open', 'Ombi lingine la M-PESA liko wazi'],
  failed_payer_busy_advice: [
    'The phone {phone} is busy with another M-PESA request. Finish it, wait two minutes, and try again.',
    'Simu {phone} ina ombi lingine la M-PESA. Limalize, subiri dakika mbili, kisha ujaribu tena.',
  ],
  failed_refused: ['M-PESA did not take the request', 'M-PESA haikupokea ombi'],
  failed_refused_advice: [
    'Nothing was sent to your phone. If another M-PESA request is open there, finish it and wait a minute, then try again. If this stays, tell {merchant}.',
    'Hakuna kilichotumwa kwenye simu yako. Kama kuna ombi lingine la M-PESA, limalize na usubiri dakika moja, kisha ujaribu tena. Likiendelea, mwambie {merchant}.',
  ],
  failed_provider_error: ['M-PESA could not take it', 'M-PESA haikuweza kupokea'],
  failed_provider_error_advice: [
    'Something went wrong at M-PESA. Look at your M-PESA messages, wait a minute, and try again.',
    'Kuna hitilafu kwa M-PESA. Angalia jumbe zako za M-PESA, subiri dakika moja, kisha ujaribu tena.',
  ],
  failed_asked_before: ['The same amount, a moment ago', 'Kiasi hicho hicho, muda mfupi uliopita'],
  failed_asked_before_advice: [
    'M-PESA takes the same amount from the same number only every two minutes. See if you have paid already; if not, wait two minutes and try again.',
    'M-PESA hupokea kiasi kile kile kutoka nambari moja kila baada ya dakika mbili. Angalia kama umeshalipa; kama bado, subiri dakika mbili kisha ujaribu tena.',
  ],
  failed_shop_full: ['The shop cannot receive it now', 'Duka haliwezi kupokea sasa'],
  failed_shop_full_advice: [
    'The M-PESA account of {merchant} is full. Please tell them, and try again later.',
    'Akaunti ya M-PESA ya {merchant} imejaa. Tafadhali mwambie, kisha ujaribu tena baadaye.',
  ],
  failed_pin_locked: ['Your M-PESA PIN is locked', 'PIN yako ya M-PESA imefungwa'],
  failed_pin_locked_advice: [
    'Call Safaricom on 100 or 200 to unlock it, or use another number.',
    'Piga simu Safaricom 100 au 200 ili ifunguliwe, au tumia nambari nyingine.',
  ],
  failed_not_allowed: ['M-PESA does not allow this', 'M-PESA hairuhusu hili'],
  failed_not_allowed_advice: [
    'M-PESA does not let this number make this payment. Call Safaricom on 100 to ask why, or use another number.',
    'M-PESA hairuhusu nambari hii kufanya malipo haya. Piga simu Safaricom 100 uulize sababu, au tumia nambari nyingine.',
  ],

  not_found: ['There is nothing to pay here', 'Hakuna cha kulipa hapa'],
  not_found_advice: [
    'The link is not complete, or not right. Open it again from the message that brought it, or ask the shop for it.',
    'Kiungo hiki hakijakamilika au si sahihi. Kifungue tena kutoka kwa ujumbe uliokuja nacho, au kiombe dukani.',
  ],
  unreadable: ['We could not read that', 'Hatukuweza kusoma ulichotuma'],
  unreadable_advice: [
    'What your browser sent was too large or broken, so that nothing was done. Look at the page again, and try once more.',
    'Kilichotumwa na kivinjari chako kilikuwa kikubwa mno au kimeharibika, kwa hiyo hakuna kilichofanyika. Angalia ukurasa tena, kisha ujaribu mara nyingine.',
  ],
  trouble: ['This page is stuck for a moment', 'Ukurasa huu umekwama kidogo'],
  trouble_advice: [
    'If you entered your PIN, your payment is safe: M-PESA sends you an SMS. Do not pay again before you have looked here once more.',
    'Kama uliweka PIN, malipo yako yako salama: M-PESA itakutumia SMS. Usilipe tena kabla ya kuangalia hapa mara nyingine.',
  ],
  trouble_again: [
    'This page looks again by itself in a few seconds.',
    'Ukurasa huu utaangalia tena wenyewe baada ya sekunde chache.',
  ],
  trouble_number: ['If it stays so, tell the shop this number:', 'Ikiendelea, mwambie mwenye duka nambari hii:'],
  look_again: ['Look again', 'Angalia tena'],
} as const satisfies Words & Record<`failed_${Reason}` | `failed_${Reason}_advice`, readonly [string, string]>
