import type { NameRegion } from './given-names.ts';

/**
 * Surnames by region, commonest first, put together for this generator like the given names.
 * `northEast` and the Muslim part of `coast` use the father's and grandfather's names more than fixed surnames.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Surnames of each region. */
export const surnames: Readonly<Record<NameRegion, readonly string[]>> = {
  central: words(`Mwangi Kamau Maina Njoroge Kariuki Kimani Njuguna Karanja Wanjiru Macharia Mbugua Kinyanjui Waweru Ngugi Ndungu Gitau
    Muriithi Githinji Wanjohi Chege Ngure Muchiri Gichuru Wachira Nderitu Kiarie Kuria Mburu Muiruri Thuo Kihara Murage Kagwe Irungu
    Kibe Theuri Gathogo Mugo Warui Nganga Munyua Wahome Gikonyo Kabiru`),
  upperEast: words(`Njeru Mugambi Muriuki Murithi Gitonga Kirimi Mwiti Nyaga Kinoti Mutwiri Munene Mbaka Ireri Njagi Kithinji Mutegi
    Kaburu Mwenda Rugendo Marangu Mbogo Ndwiga Kiugu Micheni Gatobu Muthuri Nkonge Mutembei Ntwiga Riungu Baariu Mwirigi Nthiga Kathurima`),
  lowerEast: words(`Mutua Musyoka Mwangangi Kioko Muli Mutinda Nzioka Mutiso Musyimi Kilonzo Makau Muthoka Kyalo Wambua Muema Mwanzia
    Musembi Ndambuki Munyao Kiilu Mulwa Maingi Mbuvi Nzuki Kasyoka Ndeto Mutuku Muinde Katiku Kaloki Nthenge Mwendwa Matheka Kituku`),
  highRift: words(`Cheruiyot Korir Koech Rotich Kiprono Chebet Langat Kosgei Ruto Bett Kirui Sang Rono Ngeno Tanui Biwott Maiyo Keter
    Cherono Too Mutai Chumba Bargetuny Lagat Kiptoo Sigei Kipchumba Kemboi Limo Boit Birech Cheboi Kandie Chesire Chelimo Sitienei
    Murgor Tarus Kimaiyo Yego`),
  west: words(`Wafula Wekesa Barasa Simiyu Wanjala Makokha Shikuku Nyongesa Wanyonyi Juma Khaemba Masinde Mukhwana Amukhuma Muchelule
    Namisi Shiundu Mmbone Lusala Kisia Anyanzwa Mulama Kadima Ouma Wamalwa Musungu Ambundo Musalia Chitechi Okwaro Inyangala
    Shisanya Andanje Likhanga Opuka Ekirapa Emoit Otwane Musuva Akhonya`),
  lake: words(`Otieno Ochieng Onyango Odhiambo Omondi Ouma Okoth Owino Opiyo Okello Oduor Ogutu Odero Oluoch Owuor Ojwang Odongo Okumu
    Aoko Oloo Obwanda Ogolla Agwanda Nyangweso Abuto Ongondo Mireri Ochola Orengo Awiti Ogada Opondo Akelo Oyugi Wasonga Osewe Magak
    Olando Oyoo Awuor`),
  southWest: words(`Nyakundi Momanyi Ondieki Mogaka Makori Nyamweya Omwenga Mokaya Ongeri Okemwa Bosire Onsongo Ombui Moturi Nyaberi
    Obare Onchiri Ogeto Maranga Omari Gekonge Osoro Mauti Chacha Mwita Marwa Nyangau Kerario Ratemo Oirere Ogechi Nyambane Machuka
    Orwaru`),
  coast: words(`Karisa Katana Kazungu Charo Mwambire Mwakio Mwadime Baya Kahindi Mwagandi Mwamburi Ngala Chengo Kombo Mwatela Nyale Mwero
    Mwalimu Mwinyi Bakari Mohamed Salim Athman Omar Said Kalume Thoya Tsuma Menza Mwachiro Mwanyumba Dena Wanje Mwandoe Safari Chome
    Mjomba Kitsao Gona Yeri`),
  northEast: words(`Abdi Mohamed Hassan Ali Adan Hussein Ahmed Ibrahim Omar Abdullahi Yusuf Issack Osman Farah Noor Maalim Sheikh Dahir
    Warsame Gedi Mohamud Hirsi Duale Abdille Bille Shurie Billow Hussen Haji Salat Elmi Dubow Kusow Barre Jimale Ogle Sugow Abey`),
  upperNorth: words(`Guyo Galgalo Halake Wario Boru Dida Jarso Godana Roba Abduba Duba Jillo Molu Huka Diba Bonaya Sora Tache Adano
    Kanchora Bagajo Lengeju Orto Dokata Isacko Konchora Arero Lesamana Wako Golicha Denge Sharamo Chachole`),
  northWest: words(`Ekai Lokai Ekiru Ekal Lopuke Etabo Ewoi Lomongin Ekeno Erupe Ekitela Lochuch Longole Ebei Lotome Lokwang Eregae
    Ekuam Nakeno Lokaale Epem Ekidor Nanok Lodukae Ngasike Emuria Kuruwit Pkemoi Lomuria Kapelo Krop Limakou Lokeris Akolong`),
  southRift: words(`Sankale Kores Nkoitoi Ntimaru Lemayian Kiserian Kuyioni Sironka Tipis Koikai Sayialel Parsitau Moinkett
    Lemiso Kapaito Leteipan Lekupe Lesiyampe Letoya Lolkidienye Lengees Keshe Kantet Tobiko Nchoe Sitati Saoli Memusi Kisotu Mpoke
    Meitamei Nkurrunah Olekina Ololtuaa`),
};
