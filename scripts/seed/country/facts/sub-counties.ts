/**
 * Sub-counties and their population, by county number.
 *
 * Source: 2019 Kenya Population and Housing Census, Kenya National Bureau of Statistics, Volume I, Table 2.5.
 * The twelve forests and parks counted as special areas (5,360 people) are left out.
 */
export const subCounties: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  // Mombasa
  1: {
    Changamwe: 131882,
    Jomvu: 163415,
    Kisauni: 291930,
    Likoni: 250358,
    Mvita: 154171,
    Nyali: 216577,
  },
  // Kwale
  2: {
    Kinango: 94220,
    Lungalunga: 198423,
    Matuga: 194252,
    Msambweni: 177690,
    'Samburu-Kwale': 202235,
  },
  // Kilifi
  3: {
    Chonyi: 62335,
    Ganze: 143906,
    Kaloleni: 193682,
    Kauma: 22638,
    'Kilifi North': 178824,
    'Kilifi South': 206753,
    Magarini: 191610,
    Malindi: 333226,
    Rabai: 120813,
  },
  // Tana River
  4: {
    'Tana North': 110640,
    'Tana Delta': 116757,
    'Tana River': 88546,
  },
  // Lamu
  5: {
    'Lamu East': 22258,
    'Lamu West': 121662,
  },
  // Taita/Taveta
  6: {
    Mwatate: 81659,
    Taita: 55959,
    Taveta: 91222,
    Voi: 111831,
  },
  // Garissa
  7: {
    Balambala: 32257,
    Dadaab: 185252,
    Fafi: 134040,
    Garissa: 163914,
    Hulugho: 133984,
    Ijara: 141591,
    Lagdera: 50315,
  },
  // Wajir
  8: {
    Buna: 49886,
    Eldas: 88509,
    Habaswein: 174134,
    Tarbaj: 57232,
    'Wajir East': 110654,
    'Wajir North': 62206,
    'Wajir South': 116814,
    'Wajir West': 121828,
  },
  // Mandera
  9: {
    'Mandera West': 98300,
    Banisa: 152598,
    Kutulo: 72394,
    Lafey: 83457,
    'Mandera Central': 157220,
    'Mandera East': 159638,
    'Mandera North': 143850,
  },
  // Marsabit
  10: {
    Loiyangalani: 35713,
    'Marsabit Central': 79181,
    'Marsabit North': 54297,
    'Marsabit South': 65376,
    Moyale: 108949,
    'North Horr': 71447,
    Sololo: 44822,
  },
  // Isiolo
  11: {
    Garbatulla: 99730,
    Isiolo: 121066,
    Merti: 47206,
  },
  // Meru
  12: {
    'Buuri East': 76598,
    'Buuri West': 80762,
    'Igembe Central': 221412,
    'Igembe North': 169317,
    'Igembe South': 161646,
    'Imenti North': 177567,
    'Imenti South': 206506,
    'Meru Central': 133818,
    'Tigania Central': 104730,
    'Tigania East': 72549,
    'Tigania West': 139961,
  },
  // Tharaka-Nithi
  13: {
    "Igambang'ombe": 53210,
    Maara: 114894,
    'Meru South': 91080,
    'Tharaka North': 58345,
    'Tharaka South': 75250,
  },
  // Embu
  14: {
    'Embu East': 129564,
    'Embu North': 79556,
    'Embu West': 127100,
    'Mbeere South': 163476,
    'Mbeere North': 108881,
  },
  // Kitui
  15: {
    Ikutha: 82964,
    Katulani: 47108,
    Kisasi: 46142,
    'Kitui Central': 105991,
    'Kitui West': 70871,
    Kyuso: 76867,
    'Lower Yatta': 63329,
    Matinyani: 47811,
    Migwani: 79255,
    Mumoni: 29344,
    Mutitu: 55287,
    'Mutitu North': 21215,
    Mutomo: 113356,
    'Mwingi Central': 108713,
    'Mwingi East': 85139,
    Nzambani: 46788,
    Thagicu: 15136,
    Tseikuru: 40871,
  },
  // Machakos
  16: {
    'Athi River': 322499,
    Kalama: 54462,
    Kangundo: 97917,
    Kathiani: 111890,
    Machakos: 170606,
    Masinga: 148522,
    Matungulu: 161557,
    Mwala: 181896,
    Yatta: 172583,
  },
  // Makueni
  17: {
    Kathonzweni: 79780,
    Kibwezi: 197000,
    Kilungu: 60952,
    Makindu: 84946,
    Makueni: 130375,
    'Mbooni East': 97756,
    'Mbooni West': 102594,
    Mukaa: 107549,
    Nzaui: 126701,
  },
  // Nyandarua
  18: {
    Kinangop: 111410,
    'Nyandarua South': 93870,
    Mirangine: 67214,
    Kipipiri: 93855,
    'Nyandarua Central': 75262,
    'Nyandarua West': 97965,
    'Nyandarua North': 98698,
  },
  // Nyeri
  19: {
    Tetu: 80453,
    'Kieni East': 110376,
    'Kieni West': 88525,
    'Mathira East': 99065,
    'Mathira West': 59895,
    'Nyeri South': 91081,
    'Mukurwe-ini': 89137,
    'Nyeri Central': 140338,
  },
  // Kirinyaga
  20: {
    'Kirinyaga Central': 122740,
    'Kirinyaga East': 135559,
    'Kirinyaga West': 114660,
    'Mwea East': 132554,
    'Mwea West': 104828,
  },
  // Murang'a
  21: {
    "Murang'a East": 110311,
    Kangema: 80447,
    Mathioya: 92814,
    Kahuro: 88193,
    "Murang'a South": 184824,
    Gatanga: 187989,
    Kigumo: 136921,
    Kandara: 175098,
  },
  // Kiambu
  22: {
    'Gatundu North': 109870,
    'Gatundu South': 122103,
    Githunguri: 165232,
    Juja: 300948,
    Kabete: 199653,
    Kiambaa: 236400,
    Kiambu: 145903,
    Kikuyu: 187122,
    Lari: 135303,
    Limuru: 159314,
    Ruiru: 371111,
    'Thika East': 38956,
    'Thika West': 245820,
  },
  // Turkana
  23: {
    Kibish: 36769,
    Loima: 107795,
    'Turkana Central': 185305,
    'Turkana East': 138526,
    'Turkana North': 65218,
    'Turkana South': 153736,
    'Turkana West': 239627,
  },
  // West Pokot
  24: {
    Kipkomo: 102633,
    'Pokot Central': 119016,
    'Pokot North': 134485,
    'Pokot South': 80661,
    'West Pokot': 184446,
  },
  // Samburu
  25: {
    'Samburu Central': 164942,
    'Samburu East': 77994,
    'Samburu North': 67391,
  },
  // Trans Nzoia
  26: {
    'Trans Nzoia West': 202377,
    'Trans Nzoia East': 229538,
    Kwanza: 203821,
    Endebess: 111782,
    Kiminini: 242823,
  },
  // Uasin Gishu
  27: {
    Ainabkoi: 138184,
    Kapseret: 198499,
    Kesses: 148798,
    Moiben: 181338,
    Soy: 229094,
    Turbo: 267273,
  },
  // Elgeyo/Marakwet
  28: {
    'Keiyo North': 99176,
    'Keiyo South': 120750,
    'Marakwet East': 97041,
    'Marakwet West': 137513,
  },
  // Nandi
  29: {
    Chesumei: 164133,
    'Nandi Central': 147553,
    'Nandi East': 119173,
    'Nandi North': 166171,
    'Nandi South': 172750,
    Tinderet: 115931,
  },
  // Baringo
  30: {
    'Baringo Central': 96951,
    'Baringo North': 104871,
    'East Pokot': 79923,
    Koibatek: 129535,
    Marigat: 90955,
    Mogotio: 91104,
    'Tiaty East': 73424,
  },
  // Laikipia
  31: {
    'Laikipia Central': 95594,
    'Laikipia East': 102815,
    'Laikipia North': 36184,
    'Laikipia West': 129263,
    Nyahururu: 154704,
  },
  // Nakuru
  32: {
    Gilgil: 185209,
    'Kuresoi North': 175074,
    'Kuresoi South': 155324,
    Molo: 156732,
    Naivasha: 355383,
    'Nakuru East': 193926,
    'Nakuru North': 218050,
    'Nakuru West': 198661,
    Njoro: 238773,
    Rongai: 199906,
    Subukia: 85164,
  },
  // Narok
  33: {
    'Narok East': 115323,
    'Narok North': 251862,
    'Narok South': 238472,
    'Narok West': 195287,
    'Trans Mara East': 111183,
    'Trans Mara West': 245714,
  },
  // Kajiado
  34: {
    Isinya: 210473,
    'Kajiado Central': 161862,
    'Kajiado North': 306596,
    'Kajiado West': 182849,
    Loitokitok: 191846,
    Mashuuru: 64214,
  },
  // Kericho
  35: {
    Belgut: 145072,
    Bureti: 199470,
    'Kericho East': 170625,
    Kipkelion: 122530,
    Londiani: 137580,
    'Soin Sigowet': 126500,
  },
  // Bomet
  36: {
    'Bomet East': 144275,
    Chepalungu: 164837,
    Konoin: 163507,
    Sotik: 227855,
    'Bomet Central': 175215,
  },
  // Kakamega
  37: {
    Butere: 154100,
    'Kakamega Central': 188212,
    'Kakamega East': 167641,
    'Kakamega North': 238330,
    'Kakamega South': 111743,
    Khwisero: 113476,
    Likuyani: 152055,
    Lugari: 122728,
    Matete: 66172,
    Matungu: 166940,
    'Mumias East': 116851,
    'Mumias West': 115354,
    Navakholo: 153977,
  },
  // Vihiga
  38: {
    Emuhaya: 97141,
    Vihiga: 95292,
    Sabatia: 131628,
    Luanda: 106694,
    Hamisi: 159241,
  },
  // Bungoma
  39: {
    Bumula: 215892,
    'Bungoma Central': 177748,
    'Bungoma East': 114548,
    'Bungoma North': 121317,
    'Bungoma South': 287765,
    Cheptais: 136035,
    'Kimilili-Bungoma': 162038,
    'Mt Elgon': 78873,
    'Bungoma West': 119875,
    Tongaren: 100343,
    'Webuye West': 152515,
  },
  // Busia
  40: {
    Bunyala: 85977,
    Busia: 142408,
    Butula: 140334,
    Nambale: 111636,
    Samia: 107176,
    'Teso North': 138034,
    'Teso South': 168116,
  },
  // Siaya
  41: {
    Siaya: 224343,
    Gem: 179792,
    Ugenya: 134354,
    Ugunja: 104241,
    Bondo: 197883,
    Rarieda: 152570,
  },
  // Kisumu
  42: {
    'Kisumu East': 220997,
    'Kisumu Central': 174145,
    'Kisumu West': 172821,
    Seme: 121667,
    Muhoroni: 154116,
    Nyando: 161508,
    Nyakach: 150320,
  },
  // Homa Bay
  43: {
    'Homa Bay': 117439,
    Ndhiwa: 218136,
    'Rachuonyo North': 178686,
    'Rachuonyo East': 121822,
    'Rachuonyo South': 130814,
    Rangwe: 117732,
    'Suba North': 124938,
    'Suba South': 122383,
  },
  // Migori
  44: {
    Awendo: 117290,
    'Kuria East': 96872,
    'Kuria West': 208513,
    Nyatike: 176162,
    Rongo: 124587,
    'Suna East': 122674,
    'Suna West': 128890,
    Uriri: 141448,
  },
  // Kisii
  45: {
    Etago: 83787,
    Gucha: 83740,
    'Gucha South': 83623,
    Kenyenya: 131740,
    'Kisii Central': 166906,
    'Kisii South': 135134,
    'Kitutu Central': 154175,
    Marani: 107464,
    'Masaba South': 122396,
    Nyamache: 130898,
    Sameta: 66997,
  },
  // Nyamira
  46: {
    Borabu: 73167,
    Manga: 94209,
    'Masaba North': 111860,
    'Nyamira North': 167267,
    'Nyamira South': 159073,
  },
  // Nairobi City
  47: {
    Dagoretti: 434208,
    Embakasi: 988808,
    Kamukunji: 268276,
    Kasarani: 780656,
    Kibra: 185777,
    "Lang'ata": 197489,
    Makadara: 189536,
    Mathare: 206564,
    Njiru: 626482,
    Starehe: 210423,
    Westlands: 308854,
  },
};
